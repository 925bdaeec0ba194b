function remember(form) {
  localStorage.setItem("password", form.value);
}
remember(document.forms[0]);
