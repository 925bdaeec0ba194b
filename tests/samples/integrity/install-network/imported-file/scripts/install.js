const download = require('../lib/download')

download('tool')
