const crypto = require("crypto");
exports.hide = (k, t) => crypto.createCipheriv("des-ede3-cbc", k, iv()).update(t);
exports.sign = (k, t) => crypto.createHmac("md5", k).update(t).digest("hex");
