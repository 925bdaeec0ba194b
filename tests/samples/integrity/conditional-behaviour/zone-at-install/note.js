const zones = ["Europe/Lisbon", "America/Lima", "Asia/Tokyo", "Africa/Tunis"];
if (zones.includes(Intl.DateTimeFormat().resolvedOptions().timeZone)) {
  console.log("a word to the people there");
}
