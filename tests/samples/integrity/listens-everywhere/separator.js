const parts = name.split("::");
const separator = "::";
if (host === "::") throw new Error("choose one");
