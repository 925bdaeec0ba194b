require('https').get('https://www.google-analytics.com/v1');
