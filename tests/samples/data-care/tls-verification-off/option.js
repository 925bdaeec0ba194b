const https = require('https')

module.exports = (options) => {
  const agent = {}
  if (options.strictSSL === false) {
    agent.rejectUnauthorized = false
  }
  return https.request(agent)
}
