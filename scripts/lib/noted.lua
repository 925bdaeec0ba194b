--- What a check's own function on objects noted, for its function on the product: that one knows paths and packages, and decides
--- what it comes to. The check declares a finding `noted` of severity info and raises it where it saw something.

local noted = {}

--- `for o, finding in noted.each(product, "integrity.x", { "script", "text" }) do`: the object of the product, and what was noted in it.
function noted.each(product, check, classes)
  local list = {}
  for _, class in ipairs(classes) do
    for o in product:objects { class = class } do
      for _, f in ipairs(o.findings) do
        if f.check == check and f.finding == "noted" then
          list[#list + 1] = { o, f }
        end
      end
    end
  end
  local i = 0
  return function()
    i = i + 1
    if list[i] then
      return list[i][1], list[i][2]
    end
  end
end

--- The key of what was noted is "KIND: WORDS": the kind of thing, and the words that show it.
function noted.key(kind, words)
  return kind .. ": " .. words
end

--- Its two halves.
function noted.split(key)
  return key:match("^(.-): (.*)$")
end

return noted
