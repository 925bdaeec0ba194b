exports.home = 'https://www.vendor-host.de/';
