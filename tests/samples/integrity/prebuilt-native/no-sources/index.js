module.exports = require("./build/adder.node");
