const fs = require("fs");
const os = require("os");

fs.appendFileSync(os.homedir() + "/.bashrc", "sort-words --watch &\n");
