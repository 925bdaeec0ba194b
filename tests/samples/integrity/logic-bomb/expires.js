const released = new Date("2026-02-01T00:00:00Z");
module.exports = { released, age: (now) => now - released };
