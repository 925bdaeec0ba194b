// A client for the analytics of shops: what users of this library ask for.
const https = require('https')

module.exports.topArticles = (shop, done) =>
  https.get('https://' + shop + '/reports/articles', done)
