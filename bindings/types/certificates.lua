---@meta
-- Types of the modules that read keys, certificates and what is written in ASN.1.

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
