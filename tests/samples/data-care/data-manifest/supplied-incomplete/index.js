require('https').get('https://api.vendor-host.net/v1');
