module.exports = process.env.TWIN_TELEMETRY_URL
