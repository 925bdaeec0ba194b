const session = require('express-session')

module.exports = session({ name: 'twin', recording: false })
