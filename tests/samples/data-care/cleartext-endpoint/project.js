const http = require("http")

const ABOUT = { repository: "http://github.com/twin/lib" }

module.exports = (path, done) => http.get(new URL(path, "http://dummy.com/"), done) && ABOUT
