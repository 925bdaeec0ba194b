require('https').get('https://ipapi.co/country/', (r) => r.on('data', (c) => console.log(String(c))));
