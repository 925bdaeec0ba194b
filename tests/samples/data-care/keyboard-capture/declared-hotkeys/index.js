const { uIOhook } = require('uiohook-napi');
exports.on = (key, fn) => uIOhook.on('keydown', (e) => e.keycode === key && fn());
