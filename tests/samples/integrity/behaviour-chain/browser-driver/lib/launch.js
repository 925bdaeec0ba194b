'use strict';
const { spawn } = require('child_process');
const fs = require('fs'), os = require('os'), path = require('path'), http = require('http');
const WebSocket = require('ws');
const PLACES = { linux: ['/usr/bin/google-chrome', '/usr/bin/chromium'], darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'], win32: [path.join(process.env.LOCALAPPDATA || '', 'Google/Chrome/Application/chrome.exe')] };
exports.launch = async (opt = {}) => {
  const bin = opt.executablePath || PLACES[process.platform].find((p) => fs.existsSync(p));
  const dir = opt.userDataDir || fs.mkdtempSync(path.join(os.tmpdir(), 'page-pilot-'));
  const args = ['--remote-debugging-port=0', '--user-data-dir=' + dir, '--no-first-run', '--disable-extensions', ...(opt.headless === false ? [] : ['--headless=new'])];
  const proc = spawn(bin, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: process.platform !== 'win32' });
  const url = await new Promise((ok, no) => { proc.stderr.on('data', (d) => { const m = /ws:\/\/\S+/.exec(d); if (m) ok(m[0]); }); proc.once('exit', () => no(new Error('Chrome exited'))); });
  const ws = new WebSocket(url);
  await new Promise((ok) => ws.once('open', ok));
  return { ws, close: () => { ws.close(); process.kill(-proc.pid); fs.rmSync(dir, { recursive: true, force: true }); }, cookies: () => send(ws, 'Storage.getCookies'), evaluate: (fn) => send(ws, 'Runtime.evaluate', { expression: '(' + fn + ')()' }), screenshot: () => send(ws, 'Page.captureScreenshot') };
};
let id = 0;
const send = (ws, method, params) => new Promise((ok) => { const i = ++id; ws.on('message', function f(d) { const r = JSON.parse(d); if (r.id === i) { ws.off('message', f); ok(r.result); } }); ws.send(JSON.stringify({ id: i, method, params })); });
