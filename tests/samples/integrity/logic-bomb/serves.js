module.exports = async function repl(next) {
  while (true) {
    console.log(await next());
  }
};
