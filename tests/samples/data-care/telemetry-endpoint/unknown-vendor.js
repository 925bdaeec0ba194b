const https = require('https')

https.request('https://telemetry.vendor-host.net/v1/usage', { method: 'POST' }).end('{}')
