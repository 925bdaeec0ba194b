---@meta probity
-- Types of what a check may touch, for editors (LuaCATS). README.md describes each in words.

---@alias probity.Severity "info"|"low"|"medium"|"high"|"critical"
---@alias probity.Reliability "verified"|"parsed"|"third-party"|"exact"|"vendor-signed"|"heuristic"|"self-declared"

---What a check file returns.
---@class probity.Check
---@field title string what it finds, in a few words
---@field why string why it matters
---@field catalogue? string its row: "I-09"
---@field claim string one of rulesets/claims.ini
---@field severity probity.Severity the worst that it may raise
---@field reliability probity.Reliability by what means it looks
---@field online? boolean
---@field needs? "clamav" what its answer rests on besides the bytes: ClamAV's signatures, held against each object
---@field applies? string[] kinds, classes and tags of objects; { "any" } by default
---@field looks? string body of a YARA rule ("strings: ... condition: ..."), or whole rules
---@field findings table<string, probity.FindingSpec>
---@field maps string[] "paris:P6", "cwe:321", ...: ids of rulesets/mappings.ini, at least one paris:
---@field samples { hit: string[], clean: string[] }
---@field limits? { instructions?: integer, pattern?: integer, findings?: integer } what one call may take, where that is less than usual
---@field object? fun(object: probity.Object, found: probity.Found) map: sees one object
---@field product? fun(product: probity.Product, found: probity.Found) reduce: sees all objects

---@class probity.FindingSpec
---@field says string what was found; one %s or %d for each argument
---@field fix string what to do about it
---@field severity? probity.Severity at most the check's
---@field reliability? probity.Reliability

---One function for each finding that the check declares.
---@class probity.Found
---@field unknown fun(reason: string) the check could not look
---@field [string] fun(finding: probity.Finding)

---Positional values are the arguments of `says`.
---@class probity.Finding
---@field key string what it is about, normalised
---@field at? integer offset, from 0
---@field length? integer
---@field excerpt? string
---@field kappa? integer permille, may only lower
---@field severity? probity.Severity may only lower
---@field object? probity.ProductObject product checks: the evidence
---@field [integer] string|number

---What objects and slices have in common. Offsets count from 0.
---@class probity.Bytes
---@field size integer
---@operator len: integer
local Bytes = {}

---@param at integer
---@param n integer at most 65536
---@return string
function Bytes:bytes(at, n) end

---@param at integer
---@param max? integer 4096 by default, at most 65536
---@return string? text up to a NUL byte; nil past the end
---@return boolean? whole whether the NUL is there
function Bytes:cstring(at, max) end

---@param at integer
---@param n? integer by default up to the end
---@return probity.Slice? slice nil where it does not lie inside
function Bytes:slice(at, n) end

---@param pattern string|probity.Regex
---@param init? integer
---@param options? string letters: i m s x
---@return integer? at
---@return integer? length
---@return string? ... captures
function Bytes:find(pattern, init, options) end

---@param pattern string|probity.Regex
---@param init? integer
---@param options? string letters: i m s x
---@return fun(): integer?, integer?, string? ... iterator at, length, captures
function Bytes:matches(pattern, init, options) end

---@param at integer
---@return integer? nil outside
function Bytes:u8(at) end

---@param at integer
---@return integer? nil outside
function Bytes:u16le(at) end

---@param at integer
---@return integer? nil outside
function Bytes:u16be(at) end

---@param at integer
---@return integer? nil outside
function Bytes:u32le(at) end

---@param at integer
---@return integer? nil outside
function Bytes:u32be(at) end

---@param at integer
---@return integer? nil outside
function Bytes:u64le(at) end

---@param at integer
---@return integer? nil outside
function Bytes:u64be(at) end

---@param at integer
---@return integer? nil outside
function Bytes:i8(at) end

---@param at integer
---@return integer? nil outside
function Bytes:i16le(at) end

---@param at integer
---@return integer? nil outside
function Bytes:i16be(at) end

---@param at integer
---@return integer? nil outside
function Bytes:i32le(at) end

---@param at integer
---@return integer? nil outside
function Bytes:i32be(at) end

---@param at integer
---@return integer? nil outside
function Bytes:i64le(at) end

---@param at integer
---@return integer? nil outside
function Bytes:i64be(at) end

---A part of an object, read as if nothing lay before and behind it.
---@class probity.Slice: probity.Bytes
---@field at integer where it begins in the object

---The object that map looks at.
---@class probity.Object: probity.Bytes
---@field kind string
---@field class string
---@field name string the name class: "package.json", ".js", ""
---@field sha256 string
---@field facts table<string, any>
local Object = {}

---@param id? string "$name"; without it all strings
---@return fun(): integer?, integer?, string?, string? iterator at, length, id, rule
function Object:hits(id) end

---@param id? string
---@return integer
function Object:count(id) end

---@param rule string
---@return boolean
function Object:matched(rule) end

---@param at integer
---@return string? text
---@return integer? number from 1
function Object:line(at) end

---@param at integer
---@return boolean
function Object:comment(at) end

---@class probity.Product
---@field name string
---@field version string
---@field kind string
---@field sha256 string
---@field size integer
---@field as_of integer days since 1970-01-01
---@field packages probity.Package[]
---@field limits { path: string[], why: string }[]
---@field detections { path: string[], signature: string }[]
---@field database { official: boolean, version: string }
local Product = {}

---@class probity.Filter
---@field kind? string
---@field class? string
---@field tag? string
---@field fact? string
---@field glob? string

---@param filter? probity.Filter
---@return fun(): probity.ProductObject?
function Product:objects(filter) end

---@param path string[]
---@return probity.ProductObject?
function Product:object(path) end

---@param o? probity.ProductObject its packages; without it all of the product
---@return probity.Declared? declared nil where there is no package
function Product:declared(o) end

---What packages say of themselves.
---@class probity.Declared
---@field packages probity.Package[]
---@field summary string one line
---@field words table<string, boolean> in lower case
---@field sections string[]
---@field keywords string[]
---@field licenses string[]
---@field homepages string[]
---@field maintainers string[]
---@field depends string[] names

---@class probity.Package
---@field kind "deb"|"rpm"|"npm"|"wheel"|"jar"
---@field path string[]
---@field name? string
---@field version? string
---@field description? string
---@field section? string
---@field maintainer? string
---@field homepage? string
---@field license? string
---@field depends? string[]
---@field keywords? string[]
---@field scripts? { name: string, path: string[]?, sha256: string?, command: string? }[]

---@class probity.ProductObject
---@field path string[]
---@field name string last element of the path
---@field basename string
---@field kind string
---@field class string
---@field name_class string
---@field size integer
---@field sha256 string
---@field md5? string only of files in the data of a .deb
---@field mode? integer permission bits, setuid, setgid, sticky; nil where no archive and no folder said
---@field container boolean
---@field facts table<string, any>
---@field findings { check: string, finding: string, key: string, kappa: integer, severity: probity.Severity, at: integer }[]
---@field parent probity.ProductObject? what it came out of; nil for the outermost
local ProductObject = {}

---@return fun(): probity.ProductObject? iterator of what came directly out of it
function ProductObject:children() end

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

---@param s string
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

---@param where probity.Object|string
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

---@param what probity.Object|string
---@param at? integer|probity.Asn1Element
---@param stop? integer
---@return probity.Asn1Element? element
---@return string? reason why it is nil
function asn1.element(what, at, stop) end

---@param what probity.Object|string
---@param at? integer|probity.Asn1Element
---@param stop? integer
---@return fun(): probity.Asn1Element?
function asn1.elements(what, at, stop) end

---@param what probity.Object|string
---@param at? integer|probity.Asn1Element
---@return fun(): probity.Asn1Element?
function asn1.children(what, at) end

---@param what probity.Object|string
---@param at? integer|probity.Asn1Element
---@return string?
function asn1.oid(what, at) end

---@param what probity.Object|string
---@param at? integer|probity.Asn1Element
---@return integer?
function asn1.integer(what, at) end

---@param what probity.Object|string
---@param at? integer|probity.Asn1Element
---@return boolean?
function asn1.boolean(what, at) end

---@param what probity.Object|string
---@param at? integer|probity.Asn1Element
---@return string?
function asn1.string(what, at) end

---@param what probity.Object|string
---@param at? integer|probity.Asn1Element
---@return string?
function asn1.bytes(what, at) end

---@param what probity.Object|string
---@param at? integer|probity.Asn1Element
---@return integer? days
---@return integer? second of the day
function asn1.time(what, at) end

---@class probity.hash
local hash = {}

---@param what probity.Object|string
---@param at? integer
---@param length? integer
---@return string hex
function hash.md5(what, at, length) end

---@param what probity.Object|string
---@param at? integer
---@param length? integer
---@return string hex
function hash.sha1(what, at, length) end

---@param what probity.Object|string
---@param at? integer
---@param length? integer
---@return string hex
function hash.sha256(what, at, length) end

---@param what probity.Object|string
---@param at? integer
---@param length? integer
---@return string hex
function hash.sha384(what, at, length) end

---@param what probity.Object|string
---@param at? integer
---@param length? integer
---@return string hex
function hash.sha512(what, at, length) end

---@param what probity.Object|string
---@param at? integer
---@param length? integer
---@return string hex
function hash.blake2b(what, at, length) end

---@param name "md5"|"sha1"|"sha256"|"sha384"|"sha512"|"blake2b"
---@param what probity.Object|string
---@param at? integer
---@param length? integer
---@return string bytes
function hash.raw(name, what, at, length) end

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
