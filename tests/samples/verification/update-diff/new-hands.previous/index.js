module.exports = (d) => d.toISOString().slice(0, 10);
