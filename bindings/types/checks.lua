---@meta
-- Types of what a check may touch, for editors (LuaCATS). README.md describes each in words.

---@alias probity.Severity "info"|"low"|"medium"|"high"|"critical"
---@alias probity.Reliability "verified"|"parsed"|"third-party"|"exact"|"vendor-signed"|"heuristic"|"self-declared"

---What a check file returns.
---@class probity.Check
---@field title string what it finds, in a few words
---@field why string why it matters
---@field confirm? string how a person confirms a finding by hand, with standard tools: OBJECT is the file that the evidence names, OFFSET and LENGTH its place, PRODUCT what was assessed
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
---@field samples { hit: string[]|table<string, string[]>, clean: string[] } hit: items must give any finding, those under the name of a finding that one
---@field measured? { recall: integer, planted: integer, alarms: integer, clean: integer, date: string } how it did: thousandths of the findings that were planted in clean products, and in how many clean products it found something above low
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
---@field note fun(note: probity.Note) object checks only: for the check's own product function, as o.notes
---@field pass fun(pass: probity.Pass) product checks only: where it passes, that rests on evidence
---@field statement fun(statement: probity.Statement) product checks only: what a document claims, and whether that holds
---@field [string] fun(finding: probity.Finding)

---@class probity.Pass
---@field reliability "verified"|"parsed"|"third-party"|"exact"|"vendor-signed"|"heuristic"|"self-declared"
---@field coverage? integer permille; 1000 by default
---@field freshness? integer permille, such as d.freshness; 1000 by default

---@class probity.Statement
---@field document probity.ProductObject one of product:evidence(); or the product's outermost object, for what it carries itself
---@field claim string what it claims, in words
---@field status "agrees"|"contradicts"|"none"|"stale"|"unsigned"
---@field why? string

---Texts, integers, true and false, and tables of these, four deep: a list (1, 2, ...) or by names.
---@alias probity.Note table<string|integer, string|integer|boolean|table>

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

---@class probity.Component
---@field name string
---@field version string "" where unknown
---@field purl string
---@field from string what it is known from: the kind of a package, `node_modules`, `dpkg-status`, `apk-installed`, `pom`, `pom.xml`, `go-buildinfo`, `banner`
---@field path string[]
---@field sha256 string of the object that says so
---@field source? string Debian: the source package
---@field source_version? string
---@field main? boolean true: the package that the product is

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
---@field inventory table<string, string[]> what it reaches, may do, runs and needs: hosts, capabilities, scripts, ...
---@field package_signatures? table[] what the documents that were handed in prove of the product's own file
---@field roots? table[] the trust roots, whose word counts; nil where nothing was handed in
---@field components probity.Component[] what its bytes say that it is made of, by purl, each once; at most 50,000
---@field components_cut boolean are there more?
---@field previous? table<string, string[]> the same of the version that it is held against; nil without one
---@field regions? string[] where the policy lets data be, countries and unions of them; nil where it says nothing
local Product = {}

---@class probity.Filter
---@field kind? string
---@field class? string
---@field tag? string
---@field fact? string
---@field glob? string
---@field noted? boolean true: this check noted something of it

---@param filter? probity.Filter
---@return fun(): probity.ProductObject?
function Product:objects(filter) end

---@param path string[]
---@return probity.ProductObject?
function Product:object(path) end

---@class probity.EvidenceFilter
---@field kind? string
---@field state? "read"|"refused"|"unknown" "read" by default

---@param filter? probity.EvidenceFilter
---@return fun(): probity.ProductObject? documents that were handed in beside the product
function Product:evidence(filter) end

---@param d probity.ProductObject one of product:evidence()
---@return "product"|"object"|"other"|"name"|"none" about
---@return probity.ProductObject? object that it speaks of
function Product:about(d) end

---@param algorithm "sha256"|"sha1"|"sha512"|"md5"
---@param hex string
---@return probity.ProductObject?
---@return integer? how many objects have it
function Product:by_digest(algorithm, hex) end

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
---@field notes probity.Note[] what the object function of this check noted of it
---@field evidence? table of a document: what it says
---@field reliability? "third-party"|"vendor-signed"|"self-declared" of a document
---@field signer? string of a document: the trust root that signed it
---@field role? "vendor"|"distributor"|"builder"|"auditor"|"assessor" of a document: that root's
---@field freshness? integer of a document, permille
---@field parent probity.ProductObject? what it came out of; nil for the outermost
local ProductObject = {}

---@return fun(): probity.ProductObject? iterator of what came directly out of it
function ProductObject:children() end
