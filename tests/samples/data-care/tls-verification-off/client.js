const https = require('https')

https.get({ host: 'api.vendor-host.net', rejectUnauthorized: false })
