--- What a package says that it is, and which capabilities that covers.
---
--- Words are whole words of the package's section, name, keywords, description and classifiers, in lower case, and the names of
--- what it depends on. The table is generous on purpose: what it covers is told as information, and what it does not cover is a
--- question to the vendor, not a verdict. To teach it a word, add it here.

local text = require "probity.text"

local purpose = {}

local function set(words)
  local out = {}
  for word in words:gmatch("%S+") do
    out[word] = true
  end
  return out
end

-- These do whatever the programs or plugins do that they run: nothing would be a surprise.
local ANYTHING = set [[
  interpreter interpreters language jvm jdk jre shell shells kernel os distribution emulator emulators hypervisor
  virtualization container containers framework libdevel testsuite test tests testing desktop busybox toolbox
  automation debugger debuggers
]]

local NETWORK = [[
  net network networking networks internet online web www http https url urls uri client clients server servers
  service services socket sockets websocket websockets tcp udp ip ipv4 ipv6 dns dhcp ftp sftp tftp ssh telnet tls ssl
  dtls proxy proxies vpn tunnel rest api apis rpc grpc graphql json-rpc soap mail email e-mail smtp imap pop3 irc xmpp
  matrix chat messenger messaging mqtt amqp browser crawler scraper spider download downloads downloader upload
  uploads fetch fetches fetching request requests ajax xhr axios got undici superagent sync synchronization
  synchronize cloud remote distributed cluster update updates updater upgrade registry repository repositories npm pip
  apt telemetry analytics statistics tracking monitoring metrics vote survey popcon torrent bittorrent p2p streaming
  stream voip sip video conferencing rss atom feed feeds podcast ldap kerberos nfs smb samba rsync git svn cvs
  mercurial database databases sql mysql mariadb postgres postgresql sqlite redis mongodb ntp syslog snmp netcat wget
  curl libcurl cms blog weblog webmail ecommerce oauth oauth2 openid saml authentication webdav s3 aws azure gcp
  kubernetes docker deploy deployment comm news httpd sentry weather news maps bitcoin blockchain communication
  communications protocol protocols usenet host hosts ping traceroute whois finger
]]

-- Dependencies that make a program reach out, by the beginning of their names.
local NETWORK_LIBRARIES = { "libcurl", "libssl", "libgnutls", "libneon", "libsoup", "libssh", "libnm", "libwebkit", "libpcap", "libnet",
  "libldap", "libzmq", "express", "koa", "fastify", "socket.io", "ws", "node-fetch", "axios", "requests", "urllib3", "httpx", "aiohttp",
  "boto3", "google-cloud", "@aws-sdk", "proxy-", "http-" }

local COVERS = {
  ["net-connect"] = set(NETWORK),
  ["net-listen"] = set([[
    server servers daemon daemons listen listens listener listening service services proxy proxies tunnel broker httpd
    web http ftp ssh telnet tftp dns dhcp ntp mail smtp imap net network networking netcat tcp udp socket sockets
    websocket websockets rpc dbus p2p torrent bittorrent cluster distributed database databases cms dev-server
    devserver watch sync express koa fastify framework proxying peer x11 display audio sound print printing printer
    syslog snmp vpn router routing monitoring admin
  ]]),
  exec = set([[
    shell shells terminal editor editors pager run runs runner running execute executes execution exec launch launcher
    launches process processes spawn child command commands cli build builds builder compiler compile compiles make
    tool tools toolkit toolchain utils utilities utility admin administration install installer package packages
    manager scheduler cron job jobs task tasks test tests debug debugger devel development git docker deploy
    deployment server daemon ssh automation automate system wrapper bundler watch hook hooks plugin plugins
    node-gyp-build cross-spawn execa shelljs browser cms
  ]]),
  persist = set [[
    daemon daemons service services server autostart startup boot init systemd cron scheduler agent monitoring monitor
    backup installer admin antivirus sync update updater vote statistics display session login
  ]],
  ["self-update"] = set [[
    update updates updater upgrade upgrades package packages manager installer store cms browser antivirus registry
    cli version versions
  ]],
  ["input-capture"] = set [[
    keyboard keyboards mouse input hotkey hotkeys shortcut shortcuts autohotkey automation accessibility remote vnc
    rdp x11 xorg wayland window windowing wm compositor desktop game games gaming sdl gui toolkit gtk qt joystick
    gamepad touchpad screensaver ime macro recorder kvm terminal console emulator
  ]],
  screen = set [[
    screen screens screenshot screenshots screencast capture display recorder recording remote vnc rdp x11 xorg
    wayland window compositor desktop graphics image images gui toolkit gtk qt cairo color picker pixel magnifier
    video streaming automation game games camera webrtc accessibility
  ]],
  clipboard = set [[
    clipboard copy paste selection x11 xorg wayland gui toolkit gtk qt desktop editor editors terminal window
    automation office browser password graphics remote vnc rdp text game games
  ]],
  camera = set [[
    camera cameras webcam photo photos video v4l v4l2 webrtc conferencing streaming capture multimedia media barcode
    qr scanner vision opencv gstreamer ffmpeg sane recorder browser
  ]],
  microphone = set [[
    audio sound microphone voice speech recorder recording music multimedia media voip sip webrtc conferencing alsa
    pulse pulseaudio pipewire jack gstreamer ffmpeg video streaming game games browser telephony
  ]],
  location = set [[
    location locations geolocation geo gps map maps navigation weather geoclue geoip gis timezone timezones browser
    satellite tracking travel astronomy
  ]],
  contacts = set [[
    contact contacts address addressbook mail email calendar groupware crm messenger chat phone sms telephony pim
    browser password passwords migration import backup
  ]],
  privilege = set [[
    sudo su root admin administration administrator privilege privileges policykit polkit setuid pam login
    authentication security sandbox container containers daemon server service mount filesystem disk disks network net
    kernel driver firmware boot installer package packages manager utils system coreutils util-linux shell shells mail
    ping cron scheduler display session x11 screen terminal
  ]],
}

-- A place in time or space: for those who ask where they run.
COVERS.place = set [[
  time times timezone timezones tz date dates datetime calendar clock cron schedule scheduler locale locales i18n l10n
  intl internationalization localization translation translations language languages country countries region regions
  geo geolocation geoip location map maps weather travel moment luxon dayjs astronomy
]]

--- All words that packages use of themselves, and what the names of their libraries imply: { word = true }. declared: of
--- product:declared.
function purpose.words(declared)
  local words = {}
  for word in pairs(declared.words) do
    words[word] = true
  end
  for _, name in ipairs(declared.depends) do
    for _, library in ipairs(NETWORK_LIBRARIES) do
      if text.starts(name, library) then
        words.network = true
      end
    end
  end
  return words
end

--- Does what the packages say of themselves cover this capability? words: of purpose.words. Returns the word that does, or nil.
function purpose.covers(words, capability)
  local covers = COVERS[capability] or {}
  for word in pairs(words) do
    if covers[word] then
      return word
    end
  end
  for word in pairs(words) do
    if ANYTHING[word] and capability ~= "place" then
      return word
    end
  end
  return nil
end

--- A line that says what the packages say of themselves, for people.
function purpose.statement(declared)
  return declared.summary:sub(1, 120)
end

return purpose
