export function decode(doc) {
  return doc.layers.map((l) => {
    const img = new ImageData(l.w, l.h);
    for (let i = 0; i < l.d.length; i++) img.data[i] = l.d[i];
    return img;
  });
}

const routes = [];
export function mock(url, body) { routes.push([url, body]); }
export function start() {
  const real = globalThis.fetch, open = XMLHttpRequest.prototype.open, send = XMLHttpRequest.prototype.send;
  globalThis.fetch = async function (input, init) {
    const u = typeof input === 'string' ? input : input.url, r = routes.find(([x]) => u.includes(x));
    return r ? new Response(JSON.stringify(r[1]), { status: 200, headers: { 'content-type': 'application/json' } }) : real(input, init);
  };
  XMLHttpRequest.prototype.open = function (m, u) { this._url = u; return open.apply(this, arguments); };
  XMLHttpRequest.prototype.send = function (b) { const r = routes.find(([x]) => this._url.includes(x)); if (!r) return send.call(this, b); Object.defineProperty(this, 'responseText', { value: JSON.stringify(r[1]) }); this.onload && this.onload(); };
  return () => { globalThis.fetch = real; XMLHttpRequest.prototype.open = open; XMLHttpRequest.prototype.send = send; };
}
