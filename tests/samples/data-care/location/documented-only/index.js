// For places take navigator.geolocation or https://ipinfo.io/ instead.
exports.trim = (line) => line.trim();
