--- The bottom of the page: with what it was made, how to make it again, and what it does not say.
local date = require "probity.date"
local fields, words = require "lib.fields", require "lib.text_words"
local get, str = fields.get, fields.str

--- "without an official database", or its version with its age on the day of the report.
local function database(page, assessment)
  local db = get(get(assessment, "engine"), "clamav_db")
  local built, version = str(db, "built"), str(db, "version")
  if get(db, "official") ~= true then
    page.flow("dim", 0, " without an official database")
    return
  end
  page.flow("dim", 0, " with database " .. (version ~= "" and version or "of unknown version"))
  local day, as_of = date.parse(built), date.parse(str(assessment, "as_of"))
  if day and as_of and as_of >= day then
    page.flow("dim", 0, (" of %s (%d day%s old)"):format(built, as_of - day, words.plural(as_of - day)))
  elseif built ~= "" then
    page.flow("dim", 0, " of " .. built)
  end
end

return function(page, report)
  local assessment = get(report, "assessment")
  local engine, rules, command = get(assessment, "engine"), str(assessment, "rules_digest"), str(assessment, "command")
  page.line()
  page.flow("dim", 0, "Probity " .. str(engine, "probity", "?") .. ", ClamAV " .. str(engine, "clamav", "?"))
  database(page, assessment)
  page.flow("dim", 0, (", YARA %s, Lua %s, rules %s."):format(str(engine, "yara", "?"), str(engine, "lua", "?"),
    (rules ~= "" and rules or "?"):sub(1, 16)))
  page.line()
  page.flow("dim", 0, "Indicators present in the bytes are reported, not what the product does when it runs; what was not observed may " ..
    "still be there. All constants of the score are expert judgement.")
  page.line()
  if command ~= "" then
    page.flow("dim", 2, "Again: " .. command)
    page.line()
  end
end
