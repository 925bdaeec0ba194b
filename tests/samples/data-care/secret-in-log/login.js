function login(user, password) {
  console.log("login", user, password);
  return check(user, password);
}
