const https = require('https')

module.exports = (event) => {
  const request = https.request('https://telemetry.twin-vendor.net/v1/events', { method: 'POST' })
  request.end(JSON.stringify(event))
}
