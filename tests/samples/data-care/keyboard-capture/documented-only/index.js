// Unlike require('iohook') or require('uiohook-napi'), this sees the keys of its own element only.
exports.attach = (element, move) => element.addEventListener('keydown', (e) => move(e.key));
