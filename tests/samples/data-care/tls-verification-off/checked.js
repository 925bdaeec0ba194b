const https = require('https')

https.get({ host: 'api.vendor-host.net', rejectUnauthorized: true, ca: process.env.VENDOR_CA })
