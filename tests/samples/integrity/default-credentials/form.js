const rules = { username: "required", password: "required" };
if (password === "") throw new Error("empty");
field.type = password === "text" ? "password" : "text";
