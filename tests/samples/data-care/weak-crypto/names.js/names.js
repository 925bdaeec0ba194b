const old = ["des-cbc", "rc4", "aes-128-ecb"];
if (name === "des-cbc") throw new Error("refused: " + name);
module.exports = old;
