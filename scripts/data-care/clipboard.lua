local senses = require "lib.senses"

local OWN = "data-care.clipboard"

-- A wallet reads, checks and writes addresses by its purpose.
local MONEY = { "wallet", "wallets", "bitcoin", "ethereum", "crypto", "blockchain", "web3", "payment",
  "payments", "cryptocurrency" }

local function about_money(about)
  for _, word in ipairs(MONEY) do
    if about and about.words[word] then
      return word
    end
  end
  return nil
end

local function judge_swap(case, found)
  local swap
  for _, f in ipairs(case.object.findings) do
    if f.check == OWN and f.finding == "swap" then
      swap = f
    end
  end
  if not swap or about_money(case.about) then
    return
  end
  found.hijack { key = case.object.sha256, object = case.object, at = swap.at, senses.title(case) }
end

-- Sources of machine code: what is built from them is named by what they call.
local SOURCES = { c = true, cpp = true }

local function judge_source(product, o, found)
  local case = senses.case(product, o, "clipboard", o.notes[1].at, o.notes[1].by)
  local where, word = senses.evidence(case), senses.declared(case)
  where[3] = word
  local raise = word and found.declared or found.source
  raise(where)
end

---@type probity.Check
return {
  title       = "Reads or changes the clipboard",
  why         = "What people copy holds passwords and account numbers; who changes it can have money sent elsewhere.",
  confirm     = [[Search the object for the calls: `grep -nE 'clipboard|pbpaste|xclip|GetClipboardData' OBJECT` or
    `strings -a OBJECT | grep -i clipboard`, and read what is done with the text around that place.]],
  catalogue   = "D-10",
  claim       = "capture",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "binary", "package" },
  looks       = [=[
    strings:
      $read1 = /clipboard\.(read|readText|paste|readSync|GetText|getContents)\(/ nocase
      $read2 = /pyperclip\.paste|\bpbpaste\b|\bGetClipboardData\b|\bclipboard_get\b|\bGet-Clipboard\b|\bgrabclipboard\b/
      $read3 = /\bxclip\b[^\n]{0,24}-o\b|\bxsel\b[^\n]{0,16}-o\b/
      $write1 = /clipboard\.(write|writeText|copy|writeSync|SetText|SetDataObject|setContents)\(/ nocase
      $write2 = /pyperclip\.copy|\bpbcopy\b|\bSetClipboardData\b|\bclipboard_append\b|\bSet-Clipboard\b/
      $write3 = /\bxclip\b[^\n]{0,24}-i\b|\bxsel\b[^\n]{0,16}-i\b/
      $form1 = /A-HJ-NP-Z(a-z|0-9|1-9|a-km-z)|a-km-zA-HJ-NP-Z/ wide ascii
      $form2 = /0x[\[(]{1,2}(a-fA-F0-9|0-9a-fA-F|A-Fa-f0-9|0-9A-Fa-f|a-f0-9|0-9a-f)\]\)?\{40\}/ wide ascii nocase
      $form3 = /T\[[A-Za-z1-9-]{6,14}\]\{33\}/ wide ascii
      $address = /["'`]bc1q[a-z0-9]{38}["'`]/
      $source = /\b(OpenClipboard|PasteboardCreate|NSPasteboard|gtk_clipboard_get)\b/
    condition:
      $source or (any of ($read*) and any of ($write*) and (any of ($form*) or $address))
  ]=],
  findings    = {
    hijack = {
      says = "%s reads the clipboard, knows the form of wallet addresses, and writes the clipboard: it can replace "
        .. "an address by another",
      fix = "Remove it. What the user copied must not be changed.",
    },
    swap = {
      says = "reads and writes the clipboard and knows the form of wallet addresses",
      fix = "Say in the documentation what reads and writes the clipboard, and when.",
      severity = "info",
    },
    chain = {
      says = "%s can use the clipboard (%s), next to code that reaches out or runs at installation (%s); nothing "
        .. "in what it says of itself speaks of it",
      fix = "Read the clipboard only where the user pastes, and keep it on the machine.",
      severity = "medium",
      reliability = "heuristic",
    },
    alone = {
      says = "%s can use the clipboard (%s); nothing in what it says of itself speaks of it",
      fix = "Say in the description what needs it and when it happens.",
      severity = "low",
      reliability = "heuristic",
    },
    program = {
      says = "%s can use the clipboard (%s), as most programs with windows can; nothing in what it says of itself "
        .. "speaks of it",
      fix = "Nothing to do where users copy and paste in it.",
      severity = "info",
    },
    source = {
      says = "sources of %s can use the clipboard (%s); nothing in what it says of itself speaks of it",
      fix = "Say in the description what needs it and when it happens.",
      severity = "info",
    },
    declared = {
      says = "%s can use the clipboard (%s), which its purpose covers (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "cra:I.2.g", "gdpr:5.1.c", "attack:T1115", "req:R4" },
  samples     = {
    hit = { "swaps-addresses.py", "swaps-in-npm", "copy-and-post", "copy-button", "swaps.ps1",
      "swaps-by-powershell", source = { "sources-of-addon" } },
    clean = { "no-clipboard", "documented-only" },
  },

  object = function(object, found)
    if SOURCES[object.kind] then
      for at, length in object:hits("$source") do
        if not object:comment(at) then
          found.note { at = at, by = object:bytes(at, length) }
          return
        end
      end
      return
    end
    local reads, writes, form, form_length
    for at, length, id in object:hits() do
      reads, writes = reads or id:find("^%$read") ~= nil, writes or id:find("^%$write") ~= nil
      if not form and (id:find("^%$form") or id == "$address") and not object:comment(at) then
        form, form_length = at, length
      end
    end
    if reads and writes and form then
      found.swap { key = object.sha256, at = form, length = form_length }
    end
  end,

  product = function(product, found)
    for o in product:objects { noted = true } do
      judge_source(product, o, found)
    end
    local how = { chain = found.chain, alone = found.alone, program = found.program, declared = found.declared }
    for case in senses.each(product, "clipboard") do
      judge_swap(case, found)
      -- To copy for the user is what buttons do: only who reads can carry something away.
      if case.script and senses.only_by(case, senses.COPIES) then
        local where = senses.evidence(case)
        where[3] = "copies on the user's behalf"
        found.declared(where)
      else
        senses.raise(case, how)
      end
    end
  end,
}
