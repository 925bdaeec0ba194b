const { spawn } = require('child_process')

module.exports = (args) => spawn('other', args, {
  env: { ...process.env, OTHER_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
})
