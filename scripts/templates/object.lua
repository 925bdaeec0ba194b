-- What this check is about, and what it does not mean. `probity check types` lists all that it may touch.

---@type probity.Check
return {
  title       = "@TITLE@",
  why         = "Whom it harms, and how: one sentence for people who buy.",
  confirm     = "How a person confirms a finding by hand: `grep -n WORD OBJECT`.", -- OBJECT: the file that the evidence names
  -- The claim that it speaks to, one of this pillar:
  -- @CLAIMS@
  claim       = "@CLAIM@",
  severity    = "low", -- the worst that it may raise: info, low, medium, high, critical
  reliability = "exact", -- by what means it looks: verified, parsed, exact, heuristic, self-declared
  applies     = { "binary", "script", "text" }, -- kinds, classes and tags of objects
  looks       = [[
    strings:
      $marker = "replace me: @STEM@"
    condition:
      $marker
  ]],
  findings    = {
    marker = {
      says = "names %s",
      fix = "What the vendor can do about it.",
    },
  },
  maps        = { "paris:P7" },
  samples     = {
    hit = { "hit.txt" },
    clean = { "clean.txt" },
  },

  -- Runs on each object in which `looks` matched. The key says what the finding is about: the same thing, the same key.
  object = function(object, found)
    for at, length in object:hits("$marker") do
      local name = object:bytes(at, length)
      found.marker { key = name, at = at, length = length, name }
    end
  end,
}
