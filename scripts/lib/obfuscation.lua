--- Is a script obfuscated, not only minified? By the measures of the fact `code`: how names, texts and accesses are written.
--- Minified code has short names and plain texts; obfuscated code hides its texts, and the names that they become.

local obfuscation = {}

local FEW = 40 -- names in a file that is too small to tell

--- What shows it, in words, and whether it is certain; nil where nothing does. measures: of the fact `code`.
function obfuscation.of(measures)
  local m = measures
  local hex = m.names * m.hex_names // 1000
  if m.names < FEW then
    return nil
  elseif hex >= 25 and m.hex_names >= 400 then
    return "names without meaning all over", true
  elseif hex >= 40 and (m.rotation or m.string_arrays > 0 or m.brackets >= 400 or m.hex_names >= 500) then
    return "names without meaning, and texts kept apart from where they are used", true
  elseif m.rotation and m.string_arrays > 0 and m.brackets >= 500 then
    return "an array of texts that is turned before it is read", true
  elseif m.escapes >= 600 and m.strings >= 10 and m.brackets >= 500 then
    return "texts and names of members written as escapes", true
  elseif hex >= 40 then
    return "names without meaning", false
  end
  return nil
end

--- The same for a file that runs at installation, where short ones count too.
function obfuscation.at_install(measures)
  local m = measures
  if m.escapes >= 600 and m.strings >= 4 then
    return "texts written as escapes"
  elseif m.names >= 15 and m.hex_names >= 300 then
    return "names without meaning"
  end
  return obfuscation.of(m)
end

return obfuscation
