const https = require('https')

const send = (event) => {
  const request = https.request('https://telemetry.twin-vendor.net/v1/events', { method: 'POST' })
  request.end(JSON.stringify(event))
}

send({ installed: true })
