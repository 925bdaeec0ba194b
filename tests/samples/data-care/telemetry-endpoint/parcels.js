const https = require("https")

module.exports = (id, done) => https.get("https://track.twin-parcels.net/parcel/" + id, done)
