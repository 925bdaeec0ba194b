-- The sentences of an explanation: explain_LANGUAGE.lua has them, every language the same keys.
--
--   local words = require("lib.explain_words")(options.lang)
--   words("trust.starts", { trust = words.points(965) })
--
-- {names} are filled in; where a key has .one and .other, {n} decides. A key or a name that is not there raises.
local LANGUAGES = {
  en = require "lib.explain_en",
  fr = require "lib.explain_fr",
}

local ONE = {
  en = function(n) return n == 1 end,
  fr = function(n) return n < 2 end,
}

local function decimal(n, unit, mark)
  local sign = n < 0 and "-" or ""
  n = n < 0 and -n or n
  return sign .. n // unit .. mark .. string.format(unit == 10 and "%d" or "%03d", n % unit)
end

return function(language)
  local code = LANGUAGES[language] and language or "en"
  local texts, mark = LANGUAGES[code], LANGUAGES[code]["decimal"]
  local words = {}

  function words.say(key, values)
    local template = texts[key]
    if not template and values and values.n then
      template = texts[key .. (ONE[code](values.n) and ".one" or ".other")]
    end
    if not template then
      error('explain: there is no text "' .. key .. '"')
    end
    return (template:gsub("{([%w_]+)}", function(name)
      local value = values and values[name]
      if value == nil then
        error('explain: "' .. key .. '" needs a value for {' .. name .. "}")
      end
      return tostring(value)
    end))
  end

  -- Tenths of a point; permille as percent; thousandths of a demerit point; a difference with its sign.
  function words.points(tenths) return decimal(tenths, 10, mark) end
  function words.percent(permille) return decimal(permille, 10, mark) .. " %" end
  function words.milli(n) return decimal(n, 1000, mark) end
  function words.change(n, show)
    return (n >= 0 and "+" or "") .. show(n)
  end

  -- The three numbers and the decision, in a row.
  function words.numbers(x)
    return words.say("numbers", {
      trust = words.points(x.trust_tenths),
      floor = words.points(x.floor_tenths),
      confidence = words.percent(x.confidence_permille),
      decision = words.term("decision", x.decision),
    })
  end

  -- The word of a term, as the report spells it, where there is one.
  function words.term(kind, name)
    return texts[kind .. "." .. name] or name
  end

  return words
end
