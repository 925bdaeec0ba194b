console.log("Enter your password:");
console.error("Invalid password for " + user);
console.warn(`No access token: run login first (${program})`);
