--- Words of what packages say of themselves that cannot mean much else than one capability. The others of
--- rulesets/capabilities/declared.ini ("game", "text", "email") are reason enough not to ask what a program is for,
--- but no reason to send what it perceives to somebody.

local words = { specific = {} }

local LISTS = {
  ["input-capture"] = [[
    keyboard keyboards mouse hotkey hotkeys shortcut shortcuts autohotkey accessibility remote vnc rdp ime macro
    kvm hid keystroke keystrokes keypress keypresses joystick gamepad touchpad automation recorder input ]],
  screen = [[
    screen screens screenshot screenshots screencast capture display recorder recording remote vnc rdp magnifier
    pixel picker automation streaming webrtc conferencing ]],
  clipboard = [[
    clipboard copy paste selection remote vnc rdp password automation ]],
  camera = [[
    camera cameras webcam photo photos video v4l v4l2 webrtc conferencing streaming capture barcode qr scanner
    vision opencv recorder multimedia media ]],
  microphone = [[
    audio sound microphone voice speech recorder recording voip sip webrtc conferencing alsa pulse pulseaudio
    pipewire streaming telephony multimedia media video ]],
  location = [[
    location locations geolocation geo gps map maps navigation weather geoclue geoip gis travel satellite ]],
  contacts = [[
    contact contacts addressbook calendar groupware crm sms telephony pim migration ]],
  identity = [[
    fingerprint fingerprinting hardware machine-id machineid machine-uuid uuid serial inventory hostname
    systeminformation sysinfo licence-key licensing telemetry analytics dhcp mac macaddress interfaces
    monitoring monitor crash ssh ]],
}

--- { capability = { word = true } }
for capability, list in pairs(LISTS) do
  words.specific[capability] = {}
  for word in list:gmatch("%S+") do
    words.specific[capability][word] = true
  end
end

return words
