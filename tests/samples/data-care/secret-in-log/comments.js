// console.log("password", password)
/* console.log(token) */
run();
