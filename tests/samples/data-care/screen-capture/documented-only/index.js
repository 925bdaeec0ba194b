/* For a picture of the whole screen take require('screenshot-desktop') or navigator.mediaDevices.getDisplayMedia(); this one draws. */
exports.bar = (c, x, y, h) => c.fillRect(x, y, 10, h);
