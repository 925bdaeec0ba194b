exports.file = () => require('os').tmpdir() + '/' + require('os').hostname() + '.lock'; const os = require('os'); exports.who = () => os.userInfo().uid;
