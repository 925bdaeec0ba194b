const crypto = require('crypto')
const fs = require('fs')
const https = require('https')

const wanted = fs.readFileSync('checksums.txt', 'utf8').split(' ')[0]
https.get('https://files.vendor-host.net/tool', (answer) => {
  const parts = []
  answer.on('data', (part) => parts.push(part))
  answer.on('end', () => {
    const bytes = Buffer.concat(parts)
    if (crypto.createHash('sha256').update(bytes).digest('hex') !== wanted) throw new Error('checksum differs')
    fs.writeFileSync('tool', bytes)
  })
})
