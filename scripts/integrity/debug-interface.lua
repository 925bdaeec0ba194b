local hints = require "probity.hints"
local rootfs = require "lib.rootfs"
local settings = require "lib.settings"

local OWN = "integrity.debug-interface"

-- What a hit is, in words; `only`: kinds or name classes in which it means that; `device`: high in the image of a device.
local MEANS = {
  flask = { "starts its web server with the debugger on", only = { python = true } },
  django = { "has DEBUG = True in its settings", only = { python = true } },
  werkzeug = { "offers the interactive debugger of Werkzeug", only = { python = true } },
  node = { "lets everybody on the network attach a debugger to Node" },
  jdwp = { "lets everybody on the network attach a debugger to Java" },
  jmx = { "offers the management of Java without a login" },
  actuator = { "exposes all of Spring's actuator endpoints" },
  h2 = { "offers H2's console to other machines" },
  laravel = { "has APP_DEBUG on", only = { [".env"] = true, [".production"] = true, yaml = true, dockerfile = true } },
  xdebug = { "lets Xdebug connect back to whoever asks" },
  phpinfo = { "brings a page that shows phpinfo()", only = { php = true } },
  aspnet = { "has ASP.NET's debug compilation on", only = { [".config"] = true, xml = true } },
  android = { "is built as debuggable (android:debuggable)" },
  apple = { "is signed for debuggers (get-task-allow)", only = { xml = true, [".plist"] = true, [".entitlements"] = true } },
  adb = { "has Android's debug bridge open: %s", device = true },
  adbd = { "starts Android's debug bridge: %s", device = true },
  getty = { "gives a root shell on its serial console without a login: %s", device = true },
  autologin = { "logs root in by itself on a console: %s", device = true },
  gdbserver = { "starts a debugger's server for the network: %s", device = true },
  jtag = { "leaves the debug port of its chip on: %s", device = true },
}

local PROGRAMS = { adbd = true, ["frida-server"] = true, gdbserver = true, ["lldb-server"] = true }

-- DEBUG = True alone is any script's; in the settings of Django it stands beside others of its names, at the beginning of a line.
local function is_meant(object, id, at, line)
  if id == "django" then
    return line:find("^DEBUG%s*=%s*True") ~= nil and object:find("^(INSTALLED_APPS|ROOT_URLCONF|MIDDLEWARE)\\b", 0, "m") ~= nil
  elseif id == "phpinfo" then
    return object.size < 400
  elseif id == "adb" then
    local name, value = object:bytes(at, 60):match("^([%w.]+)%s*=%s*(%d+)")
    return name == "ro.debuggable" and value == "1" or name == "service.adb.tcp.port" and value ~= "0"
      or name:find("secure$") ~= nil and value == "0"
  end
  return true
end

---@type probity.Check
return {
  title       = "Debug or test interface left in",
  why         = "What lets developers look inside and run code lets everybody do so who reaches it.",
  confirm     = [[Find the interface at the offset in the evidence, start the product in a machine of your own, and
    see with `ss -ltnp` whether it is open and what answers there.]],
  catalogue   = "I-34",
  claim       = "debug",
  severity    = "high",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "any" },
  looks       = [[
    strings:
      $flask = /\.run\([^)\r\n]{0,120}\bdebug[ \t]*=[ \t]*True\b/
      $django = /\bDEBUG[ \t]*=[ \t]*True\b/
      $werkzeug = /\buse_debugger[ \t]*=[ \t]*True\b|DebuggedApplication\([^)\r\n]{1,80}evalex[ \t]*=[ \t]*True/
      $node = /--inspect(-brk)?[= ](0\.0\.0\.0|\[::\])/
      $jdwp = /-agentlib:jdwp=[^ \r\n"']{0,100}address=(\*|0\.0\.0\.0|\[::\]):/
      $jmx = /jmxremote\.authenticate=false/
      $actuator = /endpoints\.web\.exposure\.include[ \t]*=[ \t]*["']?\*/
      $h2 = /h2\.console\.settings\.web-allow-others[ \t]*=[ \t]*true/
      $laravel = /APP_DEBUG[ \t]*[=:][ \t]*["']?true/
      $xdebug = /xdebug\.(remote_connect_back|discover_client_host)[ \t]*=[ \t]*["']?(1|on|true|yes)/
      $phpinfo = /<\?php[ \t\r\n]*phpinfo[ \t]*\([^)]{0,20}\)/
      $aspnet = /<compilation[ \t][^>]{0,80}debug="true"/
      $android = /android:debuggabl[e]="true"/
      $apple = /<key>get-task-allow<\/key>[ \t\r\n]*<true\/>/
      $adb = /(ro\.debuggable|ro\.secure|ro\.adb\.secure|service\.adb\.tcp\.port)[ \t]*=[ \t]*[0-9]{1,5}/
      $adbd = /\badbd[ \t]{0,3}&/
      $getty = /(tty[A-Zmx]{1,4}[0-9]{1,2}|console)?:[0-9a-zA-Z]{0,4}:(respawn|askfirst|once):[^\r\n]{0,20}\/bin\/(a|ba|da)?sh\b/
      $autologin = /getty[^\r\n#]{0,60}[ \t](--autologin|-a)[ \t]+root\b/
      $gdbserver = /\bgdbserver[ \t]+(--multi[ \t]+)?(0\.0\.0\.0)?:[0-9]{2,5}\b/
      $jtag = /\bjtag_?(enabled?|debug|open)[ \t]*[:=][ \t]*["']?(1|y|yes|true|on)\b/
    condition:
      any of them
  ]],
  findings    = {
    left = {
      says = "%s",
      fix = "Switch it off in what is released; let a developer's own settings switch it on.",
      severity = "medium",
    },
    device = {
      says = "%s",
      fix = "Take it out of the image; for service, use a way in that asks who comes.",
    },
    program = {
      says = "brings %s, which lets whoever reaches it look into running programs",
      fix = "Leave debuggers out of what is released.",
    },
  },
  maps        = { "paris:P6", "cra:I.2.j", "etsi:5.6-4", "cwe:489", "cwe:1191", "req:R3" },
  samples     = {
    hit = { "wsgi.py", "site", "Dockerfile", "application.properties", "firmware-console", "firmware-debugger", "build.prop",
      "AndroidManifest.xml" },
    clean = { "option.py", "own-flag.py", "production.prop", "debugger-package", "localhost.sh", "commented.py", "login-console" },
  },

  object = function(object, found)
    if object.class ~= "script" and not settings.is(object) then
      return -- documents tell how it is done
    end
    for at, length, id in object:hits() do
      id = id:sub(2)
      local means, line = MEANS[id], object:line(at) or ""
      local only = means.only
      local here = not only or only[object.kind] or only[object.name]
      if here and not line:find("^%s*[#;]") and not object:comment(at) and is_meant(object, id, at, line) then
        local shown = object:bytes(at, math.min(length, 100)):match("^%s*(.-)%s*$")
        local words = means[1]:find("%%s") and means[1]:format(shown) or means[1]
        found.left { key = id, at = at, length = length, words }
      end
    end
  end,

  product = function(product, found)
    local roots = rootfs.roots(product)
    for _, class in ipairs(#roots > 0 and { "script", "text" } or {}) do
      for o in product:objects { class = class } do
        for _, f in ipairs(o.findings) do
          local means = f.check == OWN and MEANS[f.key]
          if means and means.device and rootfs.relative(roots, o) then
            found.device { key = f.key, object = o, at = f.at, (means[1]:gsub(": %%s", "")) }
          end
        end
      end
    end
    for o in product:objects { class = "binary" } do
      local name = o.basename
      if PROGRAMS[name] and not hints.discounted(o.path) then
        local about = product:declared(o)
        local words = about and about.words or {}
        if not (words[name] or words.debugger or words.debug or words.gdb or words.adb) then
          found.program { key = name, object = o, severity = not rootfs.relative(roots, o) and "medium" or nil, name }
        end
      end
    end
  end,
}
