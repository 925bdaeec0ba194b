const fs = require('fs')

const off = ['1', 'true'].includes(process.env.TWIN_TELEMETRY_DISABLED || '')

module.exports = function enabled() {
  return !off && fs.existsSync('.twin')
}
