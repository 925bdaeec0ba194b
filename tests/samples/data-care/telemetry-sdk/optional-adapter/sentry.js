let sentry
try { sentry = require('@sentry/node') } catch (e) { sentry = null }
module.exports = sentry
