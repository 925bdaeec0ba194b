const fs = require('fs')

fs.copyFileSync('build/Release/addon.node', 'addon.node')
