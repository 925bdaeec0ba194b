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
---@field facts probity.ObjectFacts
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
---@field capabilities probity.DeclaredCapability[] which capabilities that covers

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
---@field declares? probity.DeclaredCapability[] capabilities that its metadata declares
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
---@field facts probity.Facts
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

-- Facts, as object.facts and o.facts give them. What is described from here on is also the page FACTS.md ("make docs" writes it); tests hold
-- it against YARA and against the facts of real objects. In probity.Facts and probity.ObjectFacts, what stands before the colon says which
-- objects have the fact.

---What map keeps of an object: what product checks see, and object checks too. A fact exists only where it has content; one that cannot be
---derived is absent, never guessed. Texts from outside are in display form; offsets are bytes from the start of the object.
---@class probity.Facts
---@field tags string[] all: sorted; what `applies` of a check may name: `any`, the kind, the class, `go` `rust` `native-c` (binaries), `deb` `rpm` `npm` `wheel` `jar` (metadata was read) with `package`, `manifest` (has `members`). `native-c`: an ELF or PE of C or C++ of which it is known whether it has stack canaries
---@field cut? string[] all: names of facts that are not complete: a bound was reached, or the pass of the patterns broke off
---@field entropy? integer all but empty ones: thousandths of 8 bits a byte (0..1000)
---@field text? probity.TextFact scripts and texts: how it is written
---@field urls? probity.UrlFact[] all: each URL once, by offset. At most 2,000; what is kept for product checks: at most 200, without namespaces. Schemes: http, https, ws, wss, ftp; also in UTF-16LE, and `http:\/\/` of JSON. Templates (`https://${x}/`, `http://%s`) name no host and are left out
---@field hosts? probity.HostFact[] all: each host once, by offset, at most 1,000, without those that only namespaces name. The entry is its weightiest use: outside of comments before inside, clear (`http`, `ws`, `ftp`) before encrypted, the first of equal ones. So `scheme` is `http` where any use in the code is
---@field capabilities? probity.CapabilityFact[] all: sorted, each pair of capability and `by` once, at most 200; `rulesets/capabilities/README.md` says how they are known
---@field declares? probity.DeclaredCapability[] packages and files that ask for permissions (browser extensions, property lists, Android manifests, flatpak, snap): which capabilities what they say covers; sorted, each pair of capability and `by` once, at most 300
---@field imports? string[] JavaScript, TypeScript, Python: names of modules that are written out (`require("./x")`, `import x`), in order, not in comments, at most 500
---@field binary? probity.BinaryFact ELF, PE, Mach-O: the same shape for all three formats
---@field elf_note? table<string, string> ELF: the package note of systemd (`.note.package`): texts of its JSON
---@field members? probity.MembersFact containers that libarchive lists, folders, and whatever carries a zip at its end: what lies in it
---@field deb? probity.DebFact `control` of a .deb: its fields, keys in lower case. Continuation lines are joined by newlines
---@field md5sums? table<string, string> `md5sums` of a .deb: hex digests by path, in the form that member objects have
---@field conffiles? string[] `conffiles` of a .deb: paths, likewise
---@field npm? probity.NpmFact `package.json` with a name: texts, whatever shape they had. Read as npm does: of two equal keys the last one counts
---@field wheel? probity.WheelFact METADATA of a dist-info: its header fields in lower case with `_`, without `UNKNOWN`
---@field record? table<string, probity.RecordEntry> RECORD of a dist-info: by path
---@field jar? probity.JarFact `MANIFEST.MF`: the main section, keys in lower case
---@field rpm? probity.RpmFact .rpm: its header
---@field sbom? probity.SbomFact texts up to 32 MiB: those that are an SBOM by their content
---@field license? probity.LicenseFact scripts and texts: `SPDX-License-Identifier:` lines in any; in files called license, copying or copyright also licences that are known by their words, and the short names of Debian's copyright format. The text of a GNU licence does not say "only" or "or later": its id is then the one without
---@field changelog? probity.ChangelogFact texts called changelog or changes: what their first 4 MiB tell, in Debian's trailers and in lines that begin with `#` or a number and hold a date of the form 2024-01-31

---What object checks see besides: YARA's module data as it is (YARA's manual says what each field means), without its functions, its
---constants and what is undefined. At most 200,000 values.
---@class probity.ObjectFacts: probity.Facts
---@field elf? probity.Elf ELF: module elf
---@field pe? probity.Pe PE: module pe
---@field dotnet? probity.Dotnet .NET assemblies: module dotnet
---@field macho? probity.Macho Mach-O: module macho

---@class probity.TextFact
---@field encoding "ascii"|"utf-8"|"utf-16"|"latin"
---@field lines integer
---@field longest integer bytes of the longest line

---A host counts only whole: an address, `localhost`, or letter-digit-hyphen labels below a known public suffix, `.local`, `.internal` or `.onion`.
---@class probity.UrlFact
---@field url string scheme and host in lower case, at most 2,048 bytes
---@field scheme string
---@field host string
---@field domain? string the registrable domain; absent for addresses and public suffixes
---@field at integer its first use outside of comments; where there is none, its first use
---@field comment boolean all its uses lie in comments
---@field namespace? boolean is it in `rulesets/lists/namespaces.txt`?

---@class probity.HostFact
---@field host string
---@field domain? string as of a URL
---@field scheme string
---@field at integer
---@field comment boolean

---@class probity.CapabilityFact
---@field capability string "net-connect", "exec", ...
---@field by string the name asked for ("connect", "listen+accept", "java.lang.Runtime.exec"), or the name of the pattern
---@field how "import"|"lookup"|"pattern" lookup: a name that stands in the texts of a program that looks functions up by name
---@field at? integer where it stands; of several names the first. The import table of a PE does not say
---@field from? string the library that has it, where the format says so: ELF with versions, PE, Mach-O, .NET
---@field comment? boolean all its hits lie in comments; where there are more hits than a pass keeps, that cannot be said, and is not

---@class probity.DeclaredCapability
---@field capability string as above; also "any", and "place"
---@field by string the word, the dependency or the permission
---@field in string where it stands: "description", "depends", "permissions", ...

---@class probity.BinaryFact
---@field format "elf"|"pe"|"macho"
---@field arch? string "x86_64", "aarch64", ...
---@field bits? integer
---@field type? string ELF: none, rel, exec, dyn, core; PE: exec, dll, rel; Mach-O: exec, dll, bundle, ... A position-independent program is `dyn` with `hardening.pie`
---@field language string `go`, `rust`, `c` (C or C++), `dotnet`, or `unknown`. C needs proof: imports from libc, or the mark of a C compiler, and no mark of another language's
---@field static? boolean programs only: neither loader nor needed libraries
---@field stripped? boolean no symbol table
---@field needed? string[] libraries
---@field rpath? string
---@field runpath? string
---@field interpreter? string
---@field build_id? string hex
---@field hardening? probity.Hardening
---@field company? string PE: what the resources say, as the next three
---@field product? string
---@field product_version? string
---@field file_version? string
---@field signatures? integer PE: how many, not whether they are valid

---@class probity.Hardening
---@field pie? boolean programs only
---@field canary? boolean true: asked for by name; false only for C with at least 8 imported functions and whole symbol tables; PE: from the security cookie of the load configuration
---@field relro? "none"|"partial"|"full" ELF; full is with bind_now
---@field bind_now? boolean ELF with a dynamic section
---@field nx? boolean absent without PT_GNU_STACK
---@field rwx? boolean

---@class probity.MembersFact
---@field format string the kind
---@field complete boolean
---@field why? string why it is not
---@field entries probity.Member[]

---@class probity.Member
---@field path string in the form that member objects have
---@field type "file"|"dir"|"symlink"|"hardlink"|"device"|"fifo"|"other"
---@field mode integer as libarchive says it, also where the format has none: `o.mode` knows better
---@field uid? integer
---@field gid? integer
---@field size? integer
---@field link? string its target
---@field encrypted? boolean
---@field absolute? boolean its own name is absolute
---@field traversal? boolean its own name leaves
---@field leaves? boolean a relative or hard link that points outside
---@field absolute_link? boolean apart, because it is ordinary where the root is a system's
---@field md5? string files of at most 5 bytes: ClamAV never hands those over
---@field sha256? string likewise

---@class probity.DebFact
---@field package string
---@field version string
---@field architecture string
---@field maintainer? string
---@field description? string
---@field section? string
---@field priority? string
---@field homepage? string
---@field depends? string
---@field [string] string other fields, as they are

---@class probity.NpmFact
---@field name string
---@field version? string
---@field description? string
---@field license? string
---@field repository? string
---@field homepage? string
---@field author? string
---@field main? string
---@field bugs? string
---@field keywords? string[]
---@field maintainers? string[]
---@field dependencies? string[] names
---@field scripts? table<string, string>
---@field bin? string|table<string, string>

---@class probity.WheelFact
---@field metadata_version string
---@field name string
---@field version? string
---@field summary? string
---@field license? string
---@field author? string
---@field author_email? string
---@field home_page? string
---@field keywords? string
---@field classifiers? string[]
---@field requires_dist? string[]
---@field project_url? string[] "Source, https://..."
---@field [string] string|string[] other fields, as they are

---@class probity.RecordEntry
---@field sha256 string hex, or ""
---@field size? integer

---@class probity.JarFact
---@field [string] string

---@class probity.RpmFact
---@field name string
---@field version? string
---@field release? string
---@field epoch? integer
---@field summary? string
---@field description? string
---@field group? string
---@field license? string
---@field url? string
---@field vendor? string
---@field packager? string
---@field distribution? string
---@field buildhost? string
---@field buildtime? integer seconds since 1970
---@field architecture? string
---@field os? string
---@field size? integer
---@field sourcerpm? string
---@field payload_format? string
---@field payload_compressor? string
---@field requires? string[]
---@field scripts? table<string, string> prein postin preun postun pretrans posttrans verify preuntrans postuntrans; one that is only an interpreter has that as its text
---@field files? probity.RpmFile[]
---@field digest_algorithm? string
---@field signature boolean there is one; nobody verified it

---@class probity.RpmFile
---@field path string
---@field mode? integer
---@field digest? string
---@field size? integer
---@field link? string
---@field user? string
---@field group? string
---@field caps? string file capabilities
---@field flags? integer

---@class probity.SbomFact
---@field format "cyclonedx"|"spdx-json"|"spdx-tag"
---@field version? string
---@field components integer how many

---@class probity.LicenseFact
---@field spdx string[] ids, sorted
---@field names? string[] short names without an id, sorted

---@class probity.ChangelogFact
---@field newest string the latest day that is told, "2024-01-31": what the writer says, it may lie in the future

---@class probity.ElfSection
---@field type? integer
---@field flags? integer
---@field address? integer
---@field name? string
---@field size? integer
---@field offset? integer

---@class probity.ElfSegment
---@field type? integer
---@field flags? integer
---@field offset? integer
---@field virtual_address? integer
---@field physical_address? integer
---@field file_size? integer
---@field memory_size? integer
---@field alignment? integer

---@class probity.ElfDynamicEntry
---@field type? integer
---@field val? integer

---@class probity.ElfSymbol
---@field name? string
---@field value? integer
---@field size? integer
---@field type? integer
---@field bind? integer
---@field shndx? integer

---@class probity.Elf
---@field cut? string[] names of lists here that are not complete
---@field type? integer
---@field machine? integer
---@field entry_point? integer
---@field number_of_sections? integer
---@field sh_offset? integer
---@field sh_entry_size? integer
---@field number_of_segments? integer
---@field ph_offset? integer
---@field ph_entry_size? integer
---@field sections? probity.ElfSection[]
---@field segments? probity.ElfSegment[]
---@field dynamic_section_entries? integer
---@field dynamic? probity.ElfDynamicEntry[]
---@field symtab_entries? integer
---@field symtab? probity.ElfSymbol[]
---@field dynsym_entries? integer
---@field dynsym? probity.ElfSymbol[]

---@class probity.PeVersionInfoList
---@field key? string
---@field value? string

---@class probity.PeVersion
---@field major? integer
---@field minor? integer

---@class probity.PeDataDirectory
---@field virtual_address? integer
---@field size? integer

---@class probity.PeSection
---@field name? string
---@field full_name? string
---@field characteristics? integer
---@field virtual_address? integer
---@field virtual_size? integer
---@field raw_data_offset? integer
---@field raw_data_size? integer
---@field pointer_to_relocations? integer
---@field pointer_to_line_numbers? integer
---@field number_of_relocations? integer
---@field number_of_line_numbers? integer

---@class probity.PeOverlay
---@field offset? integer
---@field size? integer

---@class probity.PeRichSignature
---@field offset? integer
---@field length? integer
---@field key? integer
---@field raw_data? string
---@field clear_data? string

---@class probity.PeExport
---@field offset? integer
---@field name? string
---@field forward_name? string
---@field ordinal? integer

---@class probity.PeFunction
---@field name? string
---@field ordinal? integer

---@class probity.PeImport
---@field library_name? string
---@field number_of_functions? integer
---@field functions? probity.PeFunction[]

---@class probity.PeDelayedImport
---@field library_name? string
---@field number_of_function? integer
---@field functions? probity.PeFunction[]

---@class probity.PeResource
---@field rva? integer
---@field offset? integer
---@field length? integer
---@field type? integer
---@field id? integer
---@field language? integer
---@field type_string? string
---@field name_string? string
---@field language_string? string

---@class probity.PeSignature
---@field thumbprint? string
---@field issuer? string
---@field subject? string
---@field version? integer
---@field algorithm? string
---@field algorithm_oid? string
---@field serial? string
---@field not_before? integer
---@field not_after? integer

---@class probity.Pe
---@field cut? string[] names of lists here that are not complete
---@field is_pe? integer
---@field machine? integer
---@field number_of_sections? integer
---@field timestamp? integer
---@field pointer_to_symbol_table? integer
---@field number_of_symbols? integer
---@field size_of_optional_header? integer
---@field characteristics? integer
---@field entry_point? integer
---@field entry_point_raw? integer
---@field image_base? integer
---@field number_of_rva_and_sizes? integer
---@field number_of_version_infos? integer
---@field version_info? table<string, string>
---@field version_info_list? probity.PeVersionInfoList[]
---@field opthdr_magic? integer
---@field size_of_code? integer
---@field size_of_initialized_data? integer
---@field size_of_uninitialized_data? integer
---@field base_of_code? integer
---@field base_of_data? integer
---@field section_alignment? integer
---@field file_alignment? integer
---@field linker_version? probity.PeVersion
---@field os_version? probity.PeVersion
---@field image_version? probity.PeVersion
---@field subsystem_version? probity.PeVersion
---@field win32_version_value? integer
---@field size_of_image? integer
---@field size_of_headers? integer
---@field checksum? integer
---@field subsystem? integer
---@field dll_characteristics? integer
---@field size_of_stack_reserve? integer
---@field size_of_stack_commit? integer
---@field size_of_heap_reserve? integer
---@field size_of_heap_commit? integer
---@field loader_flags? integer
---@field data_directories? probity.PeDataDirectory[]
---@field sections? probity.PeSection[]
---@field overlay? probity.PeOverlay
---@field rich_signature? probity.PeRichSignature
---@field number_of_imports? integer
---@field number_of_imported_functions? integer
---@field number_of_delayed_imports? integer
---@field number_of_delayed_imported_functions? integer
---@field number_of_exports? integer
---@field dll_name? string
---@field export_timestamp? integer
---@field export_details? probity.PeExport[]
---@field import_details? probity.PeImport[]
---@field delay_import_details? probity.PeDelayedImport[]
---@field resource_timestamp? integer
---@field resource_version? probity.PeVersion
---@field resources? probity.PeResource[]
---@field number_of_resources? integer
---@field pdb_path? string
---@field signatures? probity.PeSignature[]
---@field number_of_signatures? integer

---@class probity.DotnetStream
---@field name? string
---@field offset? integer
---@field size? integer

---@class probity.DotnetResource
---@field offset? integer
---@field length? integer
---@field name? string

---@class probity.DotnetVersion
---@field major? integer
---@field minor? integer
---@field build_number? integer
---@field revision_number? integer

---@class probity.DotnetAssemblyRef
---@field version? probity.DotnetVersion
---@field public_key_or_token? string
---@field name? string

---@class probity.DotnetAssembly
---@field version? probity.DotnetVersion
---@field name? string
---@field culture? string

---@class probity.Dotnet
---@field cut? string[] names of lists here that are not complete
---@field is_dotnet? integer
---@field version? string
---@field module_name? string
---@field streams? probity.DotnetStream[]
---@field number_of_streams? integer
---@field guids? string[]
---@field number_of_guids? integer
---@field resources? probity.DotnetResource[]
---@field number_of_resources? integer
---@field assembly_refs? probity.DotnetAssemblyRef[]
---@field number_of_assembly_refs? integer
---@field assembly? probity.DotnetAssembly
---@field modulerefs? string[]
---@field number_of_modulerefs? integer
---@field user_strings? string[]
---@field number_of_user_strings? integer
---@field typelib? string
---@field constants? string[]
---@field number_of_constants? integer
---@field field_offsets? integer[]
---@field number_of_field_offsets? integer

---@class probity.MachoSection
---@field sectname? string
---@field segname? string
---@field addr? integer
---@field size? integer
---@field offset? integer
---@field align? integer
---@field reloff? integer
---@field nreloc? integer
---@field flags? integer
---@field reserved1? integer
---@field reserved2? integer
---@field reserved3? integer

---@class probity.MachoSegment
---@field segname? string
---@field vmaddr? integer
---@field vmsize? integer
---@field fileoff? integer
---@field fsize? integer
---@field maxprot? integer
---@field initprot? integer
---@field nsects? integer
---@field flags? integer
---@field sections? probity.MachoSection[]

---@class probity.MachoFatArch
---@field cputype? integer
---@field cpusubtype? integer
---@field offset? integer
---@field size? integer
---@field align? integer

---@class probity.MachoFile
---@field magic? integer
---@field cputype? integer
---@field cpusubtype? integer
---@field filetype? integer
---@field ncmds? integer
---@field sizeofcmds? integer
---@field flags? integer
---@field reserved? integer
---@field number_of_segments? integer
---@field segments? probity.MachoSegment[]
---@field entry_point? integer
---@field stack_size? integer

---@class probity.Macho
---@field cut? string[] names of lists here that are not complete
---@field magic? integer
---@field cputype? integer
---@field cpusubtype? integer
---@field filetype? integer
---@field ncmds? integer
---@field sizeofcmds? integer
---@field flags? integer
---@field reserved? integer
---@field number_of_segments? integer
---@field segments? probity.MachoSegment[]
---@field entry_point? integer
---@field stack_size? integer
---@field fat_magic? integer
---@field nfat_arch? integer
---@field fat_arch? probity.MachoFatArch[]
---@field file? probity.MachoFile[]
