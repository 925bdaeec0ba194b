--- Command lines of install scripts: what their words say. Commands are short texts out of metadata (npm's hooks, rpm's scriptlets).

local commands = {}

-- Words that fetch or send, alone or as the first words of a command.
local NETWORK = { curl = true, wget = true, aria2c = true, ftp = true, lftp = true, scp = true, sftp = true, ssh = true, rsync = true,
  nc = true, ncat = true, netcat = true, telnet = true, npx = true, ["prebuild-install"] = true, ["node-pre-gyp"] = true,
  ["invoke-webrequest"] = true, iwr = true, ["start-bitstransfer"] = true, certutil = true, bitsadmin = true }

-- Programs that fetch only with these words behind them.
local WITH = {
  git = { clone = true, fetch = true, pull = true },
  npm = { install = true, i = true, add = true, ci = true, exec = true },
  yarn = { add = true, install = true, dlx = true },
  pnpm = { add = true, install = true, dlx = true },
  pip = { install = true, download = true },
  pip3 = { install = true, download = true },
  gem = { install = true },
  cargo = { install = true },
  go = { get = true, install = true },
  ["apt-get"] = { install = true, update = true },
  dnf = { install = true },
  yum = { install = true },
}

--- The words of a command that reach for the network, such as "curl" or "git clone", or nil.
--- A line that begins with # is a comment; quotes and separators end a word, so "my-curl" and "x.curlrc" are no match.
function commands.network(command)
  for line in command:gmatch("[^\r\n]+") do
    if not line:find("^%s*#") then
      local before
      for word in line:gmatch("[^%s'\"`;&|()<>]+") do
        local program = word:match("([^/]+)$") or word
        program = program:lower():gsub("%.exe$", "")
        if NETWORK[program] then
          return program
        elseif before and WITH[before] and WITH[before][program] then
          return before .. " " .. program
        end
        before = program
      end
    end
  end
  return nil
end

--- The code that the command hands to an interpreter on its command line ("node -e CODE"), or nil.
function commands.inline(command)
  local rest = command:match("%f[%w]node%s+%-e%s+(.*)") or command:match("%f[%w]node%s+%-%-eval[%s=]+(.*)") or
    command:match("%f[%w]node%s+%-p%s+(.*)") or command:match("%f[%w]python3?%s+%-c%s+(.*)") or
    command:match("%f[%w]perl%s+%-e%s+(.*)") or command:match("%f[%w]ruby%s+%-e%s+(.*)") or
    command:match("%f[%w]php%s+%-r%s+(.*)")
  if not rest then
    return nil
  end
  local quote = rest:match("^['\"]")
  if not quote then
    return rest
  end
  -- up to the closing quote; JSON has already undone one level of escapes
  local code, at = {}, 2
  while at <= #rest do
    local c = rest:sub(at, at)
    if c == quote then
      break
    elseif c == "\\" then
      at = at + 1
      c = rest:sub(at, at)
    end
    code[#code + 1] = c
    at = at + 1
  end
  return table.concat(code)
end

return commands
