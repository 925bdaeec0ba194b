const send = require('./lib/send')

send({ installed: true })
