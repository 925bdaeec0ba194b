---@meta
-- Types of formats of reports (scripts/reports/README.md).

---How it was asked for.
---@class probity.FormatOptions
---@field lang "en"|"fr" language of the format's own words
---@field color boolean ANSI colours
---@field width integer columns of a terminal, 60 to 120
---@field verbose boolean everything, where the format has less
---@field site? string a page of a site: "" or "../", where its folder is
---@field short? integer a short page of a site: the number of the assessment
---@field number? integer of several reports in one text: which this one is, from 1

---What a file scripts/reports/NAME.lua returns.
---@class probity.Format
---@field title string one line for `probity report --list`
---@field extension string of files, without a dot
---@field type string media type
---@field takes "report"|"compare"|"diff"|"explain"|"site"|string what render gets: "report" beside this folder's README, else the name of the folder: the JSON that `probity compare -f json`, `probity diff -f json` print
---@field many? boolean several reports may stand in one text, one behind the other
---@field render fun(document: table, out: fun(...: string|number), options: probity.FormatOptions)

---Texts of assets/, by file name: require "probity.assets".
---@alias probity.assets table<string, string>

---Elements of HTML and SVG: require "probity.markup"; formats take lib/html.lua.
---@class probity.Markup
local Element = {}

---@class probity.markup
local markup = {}

---@param name string
---@param content any a child, or a table of attributes (by name) and children (by number)
---@param extra? string attributes that were checked elsewhere, written as they are
---@return probity.Markup
function markup.element(name, content, extra) end

---@param s string|number
---@return string
function markup.escape(s) end

---@param out fun(...: string|number)
---@param child any
function markup.write(out, child) end

return markup
