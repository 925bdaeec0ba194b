const http = require('http')

http.get('http://updates.vendor-host.net/latest.json', (answer) => answer.pipe(process.stdout))
