local packages = require "lib.packages"
local statements = require "lib.statements"

-- What stands where nobody filled in the form.
local PLACEHOLDERS = { "example%.com", "example%.org", "example%.net", "your name", "your%.name", "yourname", "you@", "author name",
  "john doe", "jane doe", "nobody@", "root@localhost", "@localhost", "todo", "fixme", "changeme", "change me", "<unknown>", "foo@bar" }
local EMPTY = { unknown = true, none = true, anonymous = true, nobody = true, ["n/a"] = true, author = true, maintainer = true,
  ["-"] = true }

-- A field may be one text or a list of such.
local function first(value)
  if value ~= nil and type(value) ~= "string" then
    value = value[1]
  end
  return value or ""
end

local function is_placeholder(name)
  local lower = name:lower()
  for _, pattern in ipairs(PLACEHOLDERS) do
    if lower:find(pattern) then
      return true
    end
  end
  return EMPTY[lower:match("^%s*(.-)%s*$")] == true
end

-- Who answers for the package, as far as its metadata say.
local function accountable(package)
  for _, field in ipairs({ "maintainer", "maintainers", "maintainer_email", "vendor" }) do
    local name = first(package[field])
    if name:find("%w") then
      return name
    end
  end
  return nil
end

local CLAIM = "names who answers for it"

-- What a supplier declares: who answers, and how to reach them. Its word adds to what the package says, and takes no finding away.
local function judge_declarations(product, found)
  for _, d in ipairs(statements.current(product, { "declaration" }, CLAIM, found)) do
    local content = d.evidence.content
    local name, reached = content.entity, content.address ~= "" or content.contact ~= ""
    if name ~= "" and not is_placeholder(name) then
      statements.agree(found, d, CLAIM, reached and name or name .. ", without an address or a contact")
      if d.signer then
        found.pass { reliability = d.reliability, coverage = reached and 1000 or 500, freshness = d.freshness }
      end
    elseif name ~= "" then
      found.statement { document = d, claim = CLAIM, status = "contradicts", why = "\"" .. name .. "\" is a placeholder" }
    end
  end
end

---@type probity.Check
return {
  title       = "Somebody who answers for the product",
  why         = "A weakness has to be told to somebody. A product without a name on it has nobody who mends it.",
  confirm     = [[Read the fields yourself: `dpkg-deb -f PRODUCT Maintainer Homepage`, `rpm -qpi PRODUCT`, or author
    and maintainers in package.json or METADATA. Nobody named there means nobody answers for it.]],
  catalogue   = "C-01",
  claim       = "accountability",
  severity    = "low",
  reliability = "vendor-signed", -- where a signed declaration says so; what a package says of itself counts as what it is
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "package" },
  findings    = {
    nobody = {
      says = "%s names nobody who answers for it",
      fix = "Name the maintainer or the company, with a way to reach them, in the package's metadata.",
      reliability = "parsed",
    },
    placeholder = {
      says = "%s names \"%s\", which is a placeholder",
      fix = "Name the maintainer or the company, with a way to reach them, in the package's metadata.",
      reliability = "parsed",
    },
    indirect = {
      says = "%s names nobody, only where it is developed: %s",
      fix = "Name the maintainer or the company in the package's metadata.",
      severity = "info",
      reliability = "parsed",
    },
  },
  maps        = { "paris:P6", "cra:art.13", "cra:II.6", "req:R18" },
  samples     = { hit = { "nobody", "placeholder", "repository-only" }, clean = { "named", "declared" } },

  product = function(product, found)
    found.pass { reliability = "self-declared" }
    judge_declarations(product, found)
    for _, package in ipairs(product.packages) do
      local title = packages.title(package)
      local key = (package.name or "") .. ":" .. package.kind
      local o = packages.nearest(product, package.path)
      local name = accountable(package)
      if name and is_placeholder(name) then
        found.placeholder { key = key, object = o, excerpt = name, title, name }
      elseif not name and package.kind ~= "jar" then -- Java's manifests have no field for it that everybody fills in
        local where = first(package.repository)
        where = where ~= "" and where or first(package.homepage or package.project_url)
        if where ~= "" then
          found.indirect { key = key, object = o, excerpt = where, title, where }
        else
          found.nobody { key = key, object = o, title }
        end
      end
    end
  end,
}
