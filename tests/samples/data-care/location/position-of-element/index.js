export const position = (e) => e.getBoundingClientRect(); export const location = window.location.href;
