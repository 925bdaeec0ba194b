---@meta
-- Types of the modules that read structured text.

---Stands for null in what json, yaml and plist decode: one value, compared with ==.
---@class probity.null

---@alias probity.Value string|number|boolean|table|probity.null

---@class probity.json
---@field null probity.null
local json = {}

---@param text probity.Bytes|string
---@return probity.Value? value nil where it is broken
---@return string? note why it is nil, or where a key is given twice
function json.decode(text) end

---@param value probity.Value
---@return string canonical
function json.encode(value) end

---@param list table
---@return table list
function json.list(list) end

---@class probity.IniOptions
---@field entries? boolean a list of all keys in order, nothing merged
---@field multiline? boolean an indented line goes on with the value above it

---@class probity.IniEntry
---@field section string
---@field key string
---@field value string
---@field line integer

---@class probity.ini
---@field null probity.null
local ini = {}

---@param text probity.Bytes|string
---@param options? probity.IniOptions
---@return table<string, table<string, string>>|probity.IniEntry[]|nil sections nil where it is broken
---@return string? note why it is nil, or where a key is given twice
function ini.decode(text, options) end

---@class probity.toml
---@field null probity.null
local toml = {}

---@param text probity.Bytes|string
---@return table<string, probity.Value>? value nil where it is broken
---@return string? reason why it is nil
function toml.decode(text) end

---@class probity.YamlOptions
---@field all? boolean a list of all documents

---@class probity.yaml
---@field null probity.null
local yaml = {}

---@param text probity.Bytes|string
---@param options? probity.YamlOptions
---@return probity.Value? value nil where it is broken
---@return string? note why it is nil, or where a key is given twice
function yaml.decode(text, options) end

---@class probity.Element
---@field name string with its prefix, as written
---@field attributes table<string, string>
---@field text string directly in the element
---@field children probity.Element[]

---@class probity.xml
---@field null probity.null
local xml = {}

---@param text probity.Bytes|string
---@return probity.Element? element nil where it is broken
---@return string? reason why it is nil
function xml.decode(text) end

---@class probity.plist
---@field null probity.null
local plist = {}

---@param text probity.Bytes|string
---@return probity.Value? value nil where it is broken
---@return string? note why it is nil, or where a key is given twice
function plist.decode(text) end
