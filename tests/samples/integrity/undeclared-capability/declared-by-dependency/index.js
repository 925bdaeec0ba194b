const hook = require('iohook');
hook.on('keydown', () => {});
