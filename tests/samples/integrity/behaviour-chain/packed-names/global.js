const crypto = require("crypto")
const https = require("https")

const everything = new Function("return this")()

exports.read = (key, iv, data) => crypto.createDecipheriv("aes-256-cbc", key, iv).update(data) && everything
exports.get = (host, done) => https.get("https://" + host, done)
