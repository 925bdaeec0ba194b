const fs = require("fs");
fs.writeFileSync("/Library/LaunchAgents/net.a-vendor.tool.plist", text);
