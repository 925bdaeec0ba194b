const net = require("net")
const https = require("https")

let native
try {
  native = eval("require")("bufferutil")
} catch (e) {
  native = null
}

exports.open = (host) => https.get("https://" + host + "/open", (r) => r.on("data", (d) => net.connect(443, host).write(native ? native.mask(d) : d)))
