const https = require('https');
https.get('https://api.vendor-host.de/v1');
