const fs = require('fs');
exports.load = () => JSON.parse(fs.readFileSync(process.env.HOME + '/.config/tiny-colour/settings.json'));
