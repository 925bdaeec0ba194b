const crypto = require("crypto");
const iv = crypto.randomBytes(12);
const c = crypto.createCipheriv("aes-256-gcm", key, iv);
const token = crypto.randomBytes(32).toString("hex");
