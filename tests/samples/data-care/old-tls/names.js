const names = { TLSv1: 769, "TLSv1.1": 770 };
if (options.minVersion === "TLSv1") warn("old");
// secureProtocol: "SSLv3_method"
const minVersion = "TLSv1.2";
