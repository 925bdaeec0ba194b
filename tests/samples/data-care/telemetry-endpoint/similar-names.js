const https = require('https')

const places = {
  other: 'https://my-scarf.sh-shop.net/list',
  path: 'https://files.vendor-host.net/scarf.sh',
  bugs: 'https://tracker.debian.org/pkg/hello',
  music: 'https://notplausible.io.vendor-host.net/'
}

https.get(places.other)
