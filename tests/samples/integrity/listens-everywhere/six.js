const net = require("net");
net.createServer((s) => s.end()).listen({ port: 4711, host: "::" });
