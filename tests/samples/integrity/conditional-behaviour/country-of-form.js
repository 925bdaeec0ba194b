const fs = require("fs");
const names = ["China", "Iran", "Belarus", "Chile"];
module.exports = function save(form) {
  fs.writeFileSync("form.json", JSON.stringify({ country: names.includes(form.country) ? form.country : "other" }));
};
