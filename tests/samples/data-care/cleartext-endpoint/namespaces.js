const https = require('https')

const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
const licence = 'http://www.apache.org/licenses/LICENSE-2.0'

https.get('https://code.vendor-host.net/', () => document.body.append(svg, licence))
