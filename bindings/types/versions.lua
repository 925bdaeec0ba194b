---@meta
-- Types of the modules that read and order versions.

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
