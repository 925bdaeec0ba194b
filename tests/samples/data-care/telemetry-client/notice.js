const https = require('https')

function ask(out) {
  out.write('Twin collects anonymous usage data. Say no with `twin config usage off`.\n')
}

function post(body) {
  const request = https.request({ host: 'in.twin-vendor.net', method: 'POST', path: '/v1' })
  request.end(JSON.stringify(body))
}

module.exports = { ask, post }
