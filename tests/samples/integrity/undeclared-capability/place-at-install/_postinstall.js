const zones = ['Europe/Atlantis', 'Europe/Avalon', 'Asia/Shangri_La', 'Pacific/Lemuria']

if (zones.includes(Intl.DateTimeFormat().resolvedOptions().timeZone)) {
  console.log('a message for people in these places only')
}
