// the pages of the manual
export const help = "http://www.vendor-host.net/manual/update.html";
export const home = "http://www.vendor-host.net/";
