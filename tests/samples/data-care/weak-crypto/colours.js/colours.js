const tokenColor = Math.random() * 255;
const delay = 100 + Math.random() * 50;
const retryNonceDelay = Math.random();
module.exports = { tokenColor, delay };
