function allowed(username, password) {
  return username === "admin" && password === "admin";
}
module.exports = allowed;
