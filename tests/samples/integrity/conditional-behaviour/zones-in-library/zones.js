module.exports = ["Europe/Lisbon", "America/Lima", "Asia/Tokyo", "Africa/Tunis"];
