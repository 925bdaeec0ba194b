local traits = require "lib.traits"

local TRAITS = {
  destroys = { texts = { [[/\brm -r?f?r? (-[a-z-]+ )*(~|\$HOME|\/(home|root|srv|etc|usr|var|opt|boot|mnt|data)?)(\/|\/\*)?[ \x00;&*]/]],
    [[/dd if=\/dev\/(zero|u?random) of=\/dev\/[shnv]/]],
    [[/\bmkfs\.?[a-z0-9]* [^\x00]{0,20}\/dev\//]], [[/\b(del|erase) (\/[fsqaFSQA] ){2,}[^\x00]{0,20}[c%*]/ nocase]],
      [[/\bformat [c-e]: \/[qy]/ nocase]],
    [[/cipher(\.exe)? \/w:/ nocase]] } },
  whole = { texts = { [["--no-preserve-root"]], [[/dd if=\/dev\/(zero|u?random) of=\/dev\/(sd|nvme|hd)[a-z0-9]/]],
    [[/\brm -r?f?r? \/[\x00;*]/]] } },
  disk = { texts = { [[/\\\\\.\\PhysicalDriv[e][0-9%]/ ascii wide]] } },
  writes = { asks = { "WriteFile+CreateFileA", "WriteFile+CreateFileW" } },
  clock = { asks = { "localtime", "localtime_r", "gmtime", "gmtime_r", "mktime", "GetLocalTime", "GetSystemTime",
    "System.DateTime.get_Now" } },
  place = { asks = { "GetUserDefaultLangID", "GetSystemDefaultLangID", "GetKeyboardLayoutList",
    "GetUserDefaultUILanguage", "GetUserDefaultLCID",
    "GetLocaleInfoA" } },
  runs = { asks = { "system", "popen", "execve", "execvp", "execl", "WinExec", "CreateProcessA", "CreateProcessW",
    "ShellExecuteA",
    "ShellExecuteW", "System.Diagnostics.Process.Start" } },
  reboots = { asks = { "ExitWindowsEx", "InitiateSystemShutdownExW", "NtShutdownSystem", "NtRaiseHardError" } },
}

local CHAINS = {
  { name = "dated-disk", needs = { "whole", "clock", "runs" }, severity = "high", kappa = 900, roles = { "disk", "system", "security" },
    says = "has commands that destroy a whole disk or system, and asks for the date", over = { "dated", "destroys" } },
  { name = "dated", needs = { "destroys", "clock", "runs" }, severity = "high", kappa = 500, roles = { "disk",
    "system", "security" },
    says = "has commands that destroy data, and asks for the date", over = { "destroys" } },
  { name = "placed", needs = { "destroys", "place", "runs" }, severity = "high", kappa = 500, roles = { "disk",
    "system", "security" },
    says = "has commands that destroy data, and asks for the language of the machine", over = { "destroys" } },
  { name = "wipes", needs = { "disk", "writes", "reboots" }, severity = "high", kappa = 500, roles = { "disk",
    "system" },
    says = "writes to disks as a whole and ends Windows" },
  { name = "destroys", needs = { "destroys", "runs" }, severity = "medium", kappa = 500, roles = { "disk", "system",
    "security", "update" },
    says = "has commands that destroy data" },
}

---@type probity.Check
return {
  title       = "Program that can destroy data at a time or place",
  why         = "A program that works for everybody until a date, or in all countries but one, was made to harm somebody.",
  confirm     = [[Look for commands and dates side by side: `strings -a OBJECT | grep -E 'rm -rf|mkfs|dd if=|format
    '`, find where they are used in a disassembler, and run it in a machine that can be thrown away under
    `faketime`.]],
  catalogue   = "I-17",
  claim       = "conditional-behaviour",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 916, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "elf", "macho", "pe" },
  looks       = traits.strings(TRAITS) .. [[
    condition:
      (uint32(0) == 0x464c457f or uint16(0) == 0x5a4d or uint32(0) == 0xfeedfacf or uint32(0) == 0xfeedface
        or uint32(0) == 0xbebafeca) and any of them
  ]],
  findings    = {
    chain = {
      says = "%s (%s)",
      fix = "Remove it, or say in the documentation when it happens and how to prevent it.",
    },
    explained = {
      says = "%s (%s), which its purpose explains (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
  },
  maps        = { "paris:P5", "cwe:511", "attack:T1480", "req:R3" },
  samples     = { hit = { "dated", "placed.exe" }, clean = { "plain-clock", "cleans-folder" } },

  object = function(object, found)
    traits.note(object, TRAITS, CHAINS, found)
  end,

  product = function(product, found)
    for finding, word in traits.findings(product, CHAINS) do
      found[word and "explained" or "chain"](finding)
    end
  end,
}
