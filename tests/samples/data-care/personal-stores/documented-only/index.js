// Browsers keep passwords in "Login Data" or "key4.db": nothing of that is needed for colours.
exports.mix = (a, b) => (a + b) / 2;
