const lang = (process.env.LANG || 'en').slice(0, 2);
module.exports = lang === 'de' ? { sorted: 'sortiert' } : { sorted: 'sorted' };
