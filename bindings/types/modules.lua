---@meta
-- Types of the modules that a check may require; what they read structured text into is in formats.lua.

---@class probity.Key
---@field kind string "RSA PRIVATE KEY"
---@field private boolean
---@field encrypted boolean
---@field fingerprint string
---@field size integer
---@field length integer

---@class probity.pem
local pem = {}

---@param where probity.Bytes|string
---@param at? integer
---@return probity.Key?
function pem.decode(where, at) end

---A compiled pattern.
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

---@class probity.NamePart
---@field type string "CN", or an OID
---@field value string

---@class probity.Certificate
---@field subject probity.NamePart[]
---@field subject_text string "C=DE, O=A, CN=x+OU=y"
---@field issuer probity.NamePart[]
---@field issuer_text string
---@field serial string hex
---@field not_before? integer days
---@field not_after? integer days
---@field key string "rsa", "ec", "ed25519", ..., or an OID
---@field bits? integer
---@field curve? string
---@field exponent? integer
---@field signature string "sha256WithRSAEncryption"
---@field self_issued boolean
---@field self_signed? boolean nil where its signature cannot be checked
---@field is_ca boolean
---@field path_length? integer
---@field usage? string[] "keyCertSign"
---@field extended_usage? string[] "codeSigning", or OIDs
---@field names { kind: "dns"|"email"|"uri"|"ip"|"oid"|"name"|"other", value: string }[]
---@field extensions { oid: string, critical: boolean }[]
---@field broken string[]
---@field version? integer 1..3
---@field length integer
---@field fingerprint string
---@field spki_sha256 string

---@class probity.x509
local x509 = {}

---@param where probity.Bytes|string
---@param at? integer
---@return probity.Certificate? certificate nil where there is none
---@return string? reason why it is nil
function x509.decode(where, at) end

---@class probity.Asn1Element
---@field class "universal"|"application"|"context"|"private"
---@field tag integer
---@field constructed boolean
---@field at integer
---@field header integer bytes of tag and length
---@field length integer bytes of the content
---@field content integer where that begins
---@field next integer where the element ends

---@class probity.asn1
local asn1 = {}

---@param what probity.Bytes|string
---@param at? integer|probity.Asn1Element
---@param stop? integer
---@return probity.Asn1Element? element
---@return string? reason why it is nil
function asn1.element(what, at, stop) end

---@param what probity.Bytes|string
---@param at? integer|probity.Asn1Element
---@param stop? integer
---@return fun(): probity.Asn1Element?
function asn1.elements(what, at, stop) end

---@param what probity.Bytes|string
---@param at? integer|probity.Asn1Element
---@return fun(): probity.Asn1Element?
function asn1.children(what, at) end

---@param what probity.Bytes|string
---@param at? integer|probity.Asn1Element
---@return string?
function asn1.oid(what, at) end

---@param what probity.Bytes|string
---@param at? integer|probity.Asn1Element
---@return integer?
function asn1.integer(what, at) end

---@param what probity.Bytes|string
---@param at? integer|probity.Asn1Element
---@return boolean?
function asn1.boolean(what, at) end

---@param what probity.Bytes|string
---@param at? integer|probity.Asn1Element
---@return string?
function asn1.string(what, at) end

---@param what probity.Bytes|string
---@param at? integer|probity.Asn1Element
---@return string?
function asn1.bytes(what, at) end

---@param what probity.Bytes|string
---@param at? integer|probity.Asn1Element
---@return integer? days
---@return integer? second of the day
function asn1.time(what, at) end

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

---@class probity.Semver
---@field major integer
---@field minor integer
---@field patch integer
---@field pre? string
---@field build? string

---@class probity.version.semver
local semver = {}

---@param s string
---@return probity.Semver?
function semver.parse(s) end

---@param a string
---@param b string
---@return -1|0|1|nil order
function semver.compare(a, b) end

---@param v string
---@param range string as npm has it
---@return boolean?
function semver.satisfies(v, range) end

---@class probity.DebianVersion
---@field epoch integer
---@field upstream string
---@field revision? string

---@class probity.version.debian
local debian = {}

---@param s string
---@return probity.DebianVersion?
function debian.parse(s) end

---@param a string
---@param b string
---@return -1|0|1|nil order
function debian.compare(a, b) end

---@class probity.version.rpm
local rpm = {}

---@param a string
---@param b string
---@return -1|0|1|nil order
function rpm.compare(a, b) end

---@class probity.version.python
local python = {}

---@param a string
---@param b string
---@return -1|0|1|nil order
function python.compare(a, b) end

---@class probity.version
---@field semver probity.version.semver
---@field debian probity.version.debian
---@field rpm probity.version.rpm
---@field python probity.version.python
local version = {}
