require('https').get('https://api.other-host.org/v1');
