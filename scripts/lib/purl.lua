--- Package URLs, taken apart: "pkg:npm/%40scope/name@1.2.3?x=y#z" is
--- { type = "npm", namespace = "@scope", name = "name", version = "1.2.3" }.

local purl = {}

local function decoded(text)
  return (text:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

--- nil where it is none. `namespace` and `version` are "" where there is none.
function purl.parse(text)
  local kind, rest = text:match("^pkg:/*([%w.+-]+)/(.+)$")
  if not kind or #text > 2000 then
    return nil
  end
  rest = rest:gsub("#.*$", ""):gsub("%?.*$", "")
  -- An "@" that begins the namespace is one of npm's scopes.
  local path, version = rest:match("^(.+)@([^@/]*)$")
  path = (path or rest):gsub("^/+", ""):gsub("/+$", "")
  local namespace, name = path:match("^(.*)/([^/]+)$")
  name = decoded(name or path)
  if name == "" then
    return nil
  end
  kind = kind:lower()
  if kind == "pypi" then
    name = name:lower():gsub("[-_.]+", "-")
  end
  return { type = kind, namespace = decoded(namespace or ""), name = name, version = decoded(version or "") }
end

--- What it is called in its registry: "@scope/name", "group:artifact", "github.com/a/b".
function purl.full_name(p)
  if p.namespace == "" or p.type == "deb" or p.type == "rpm" or p.type == "apk" or p.type == "alpm" then
    return p.name
  end
  return p.namespace .. (p.type == "maven" and ":" or "/") .. p.name
end

--- Is it the same package, whatever the version? Takes what parse gave.
function purl.same(a, b)
  return a.type == b.type and a.namespace:lower() == b.namespace:lower() and a.name:lower() == b.name:lower()
end

return purl
