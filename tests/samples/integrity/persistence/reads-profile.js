const fs = require("fs");
const os = require("os");

module.exports = () => fs.readFileSync(os.homedir() + "/.bashrc", "utf8").includes("sort-words");
