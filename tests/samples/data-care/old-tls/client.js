const https = require("https");
https.request({ host: "vendor-host.net", secureProtocol: "TLSv1_method" });
require("tls").createServer({ minVersion: "TLSv1" });
