/*
 * Home page: http://code.vendor-host.net/library
 */
const https = require('https')

// see http://code.vendor-host.net/library/manual
https.get('https://code.vendor-host.net/')
