module.exports = (d) => d.toISOString().slice(0, 10); // a comment, https://documentation.vendor-host.net/
