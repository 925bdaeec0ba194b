localStorage.setItem("theme", "dark1");
// localStorage.setItem("password", p)
const password = "not1-a-setting";
