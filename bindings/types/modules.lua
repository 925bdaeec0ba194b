---@meta
-- Types of the modules that a check may require; those of certificates, versions and structured text (formats.lua) have files of their own.

---@class probity.Regex
local Regex = {}

---@param where probity.Bytes|string
---@param init? integer
---@return integer? at
---@return integer? length
---@return string? ... captures
function Regex:find(where, init) end

---@param where probity.Bytes|string
---@param init? integer
---@return fun(): integer?, integer?, string? ... iterator at, length, captures
function Regex:matches(where, init) end

---@class probity.regex
local regex = {}

---@param pattern string
---@param options? string letters: i m s x
---@return probity.Regex
function regex.compile(pattern, options) end

---@class probity.YaraMatch
---@field rule string
---@field tags string[]
---@field meta table<string, string|integer|boolean>
---@field strings { id: string, at: integer, length: integer }[]

---Compiled rules.
---@class probity.Rules
local Rules = {}

---@param where probity.Bytes|string
---@return probity.YaraMatch[]
function Rules:match(where) end

---@class probity.yara
local yara = {}

---@param source string whole rules; at the top of a file only
---@return probity.Rules
function yara.compile(source) end

---@class probity.clamav
local clamav = {}

---@param o probity.ProductObject
---@return string[] names
function clamav.signatures(o) end

---@param o probity.ProductObject
---@return boolean
function clamav.scanned(o) end

---@param o probity.ProductObject
---@return string? type "CL_TYPE_ZIP"
function clamav.kind(o) end

---@param o probity.ProductObject
---@return string[] types outermost first, its own last
function clamav.layers(o) end

---@class probity.hints
local hints = {}

---@param path string|string[] a list as o.path, or a string below it
---@return table<string, boolean>
function hints.path(path) end

---@param path string|string[]
---@return boolean
function hints.discounted(path) end

---@param value string
---@return string? why
function hints.placeholder(value) end

---@class probity.lists
local lists = {}

---@param list string its name
---@param what string a host with or without a path, a path, a name: as the list matches
---@return table<string, string>? row
function lists.find(list, what) end

---@param list string
---@param key string
---@return table<string, string>? row
function lists.get(list, key) end

---@param list string
---@return fun(): table<string, string>?
function lists.rows(list) end

---@param list string
---@return { about: string, source: string, licence: string, date: string, match: string, rows: integer }
function lists.about(list) end

---@return string[]
function lists.names() end

---@class probity.geo
local geo = {}

---@param address string
---@return string? country "DE"
---@return string? why "unknown"
function geo.country(address) end

---@return { source: string, date: string, licence: string, sha256: string }?
function geo.about() end

---@param host string
---@return { provider: string, whose: string, region?: string, country?: string, place?: string }?
function geo.cloud(host) end

---@class probity.text
local text = {}

---@param s string
---@return string
function text.trim(s) end

---@param s string
---@return fun(): string?, integer?, integer? iterator line, number, at
function text.lines(s) end

---@param s string
---@param separator string
---@return string[]
function text.split(s, separator) end

---@param s string
---@param prefix string
---@return boolean
function text.starts(s, prefix) end

---@param s string
---@param suffix string
---@return boolean
function text.ends(s, suffix) end

---@param s string
---@param part string
---@return boolean
function text.has(s, part) end

---@param pattern string
---@param path string
---@return boolean
function text.glob(pattern, path) end

---@param s string
---@return string?
function text.base64_decode(s) end

---@param s string
---@return string?
function text.hex_decode(s) end

---@param s string
---@return string
function text.hex_encode(s) end

---@param s probity.Bytes|string
---@return integer permille of 8 bits a byte
function text.entropy(s) end

---@param s string
---@return string
function text.sha256(s) end

---@param s string
---@return string
function text.display(s) end

---@param s string
---@param order? "le"|"be"
---@return string?
function text.utf16_decode(s, order) end

---@param s string
---@return string
function text.base64_encode(s) end

---@param s string
---@param form? boolean a "+" is a blank
---@return string?
function text.url_decode(s, form) end

---@param a string at most 2000 bytes
---@param b string at most 2000 bytes
---@return integer permille
function text.similarity(a, b) end

---@param s string safe text, or display form
---@return integer columns on a terminal
function text.width(s) end

---@param s string
---@param at integer from 1
---@return integer? bytes of the character or escape there
---@return integer? columns
function text.unit(s, at) end

---@param s string
---@param at integer from 1
---@param room integer columns
---@param line integer columns of a whole line
---@return integer bytes
---@return integer columns
function text.fit(s, at, room, line) end

---@param s string
---@param width integer columns
---@return string
function text.shorten(s, width) end

---@param s string
---@return string
function text.safe(s) end

---@class probity.date
local date = {}

---@param s string
---@return integer? days
function date.parse(s) end

---@param days integer
---@return string
function date.format(days) end

---@param seconds integer
---@return integer days
function date.from_epoch(seconds) end

---@class probity.hash
local hash = {}

---@param what probity.Bytes|string
---@param at? integer
---@param length? integer
---@return integer
function hash.crc32(what, at, length) end

---@param what probity.Bytes|string
---@param at? integer
---@param length? integer
---@return string hex
function hash.md5(what, at, length) end

---@param what probity.Bytes|string
---@param at? integer
---@param length? integer
---@return string hex
function hash.sha1(what, at, length) end

---@param what probity.Bytes|string
---@param at? integer
---@param length? integer
---@return string hex
function hash.sha256(what, at, length) end

---@param what probity.Bytes|string
---@param at? integer
---@param length? integer
---@return string hex
function hash.sha384(what, at, length) end

---@param what probity.Bytes|string
---@param at? integer
---@param length? integer
---@return string hex
function hash.sha512(what, at, length) end

---@param what probity.Bytes|string
---@param at? integer
---@param length? integer
---@return string hex
function hash.blake2b(what, at, length) end

---@param name "md5"|"sha1"|"sha256"|"sha384"|"sha512"|"blake2b"
---@param what probity.Bytes|string
---@param at? integer
---@param length? integer
---@return string bytes
function hash.raw(name, what, at, length) end

---@param password string
---@param hash string
---@return boolean?
function hash.crypt(password, hash) end

---@alias probity.Scope "public"|"private"|"loopback"|"link-local"|"multicast"|"documentation"|"reserved"

---@class probity.Host
---@field host string
---@field kind "name"|"ipv4"|"ipv6"|"number"
---@field scope probity.Scope
---@field domain? string

---@class probity.Url
---@field scheme? string
---@field user? string
---@field host? string
---@field kind? "name"|"ipv4"|"ipv6"|"number"
---@field scope? probity.Scope
---@field domain? string
---@field port? integer
---@field path string
---@field query? string
---@field fragment? string

---@class probity.url
local url = {}

---@param s string
---@return probity.Url? url nil where it is none
---@return string? reason why it is nil
function url.parse(s) end

---@param s string
---@return probity.Host?
function url.host(s) end

---@param s string
---@return string? url nil where it is none
---@return string? reason why it is nil
function url.normalise(s) end

---@param base string
---@param s string
---@return string? url nil where one of them is none
---@return string? reason why it is nil
function url.join(base, s) end
