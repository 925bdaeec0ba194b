// There was a time when this fetched a file: https.get('https://files.vendor-host.net/tool'). It does not any more.
console.log('nothing to fetch')
