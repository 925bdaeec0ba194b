--- Hosts and URLs: what is a place out there, and what is only written like one.

local text = require "probity.text"

local hosts = {}

local RESERVED = { "localhost", "local", "test", "invalid", "example", "internal", "lan", "home", "corp", "intranet", "onion",
  "localdomain" }

-- RFC 2606 names, and what people write in their place.
local EXAMPLES = { "example.com", "example.org", "example.net", "example.edu", "domain.com", "yourdomain.com", "mydomain.com",
  "your-domain.com", "yoursite.com", "mysite.com", "yourserver.com", "myserver.com", "company.com", "foo.com", "bar.com", "foo.bar",
  "acme.com", "some-domain.com" }

local function below(host, domain)
  return host == domain or text.ends(host, "." .. domain)
end

--- An address of this machine or of a private net: nobody outside can read what is sent there.
function hosts.private_address(host)
  local a, b = host:match("^(%d+)%.(%d+)%.%d+%.%d+$")
  if a then
    a, b = tonumber(a), tonumber(b)
    return a == 0 or a == 10 or a == 127 or (a == 169 and b == 254) or (a == 172 and b >= 16 and b <= 31) or (a == 192 and b == 168)
      or (a == 100 and b >= 64 and b <= 127) -- carrier-grade NAT
      or a >= 224 or text.starts(host, "192.0.2.") or text.starts(host, "198.51.100.") or text.starts(host, "203.0.113.")
  end
  local six = host:match("^%[?([%x:]*:[%x:]*)%]?$")
  return six ~= nil and (six == "::1" or six == "::" or six:find("^[fF][cdCDeE]") ~= nil or six:find("^2001:[dD][bB]8") ~= nil)
end

--- Is it a bare address that nobody gave a name? Those that are kept for documents count too: code that connects to one was
--- written to connect to an address.
function hosts.bare(host)
  local documents = text.starts(host, "192.0.2.") or text.starts(host, "198.51.100.") or text.starts(host, "203.0.113.")
  return host:find("^%d+%.%d+%.%d+%.%d+$") ~= nil and (documents or hosts.public(host))
end

--- Is it a host that bytes can be sent to over the Internet? Names without a dot, templates, examples and private places are not.
function hosts.public(host)
  if host:find(":", 1, true) then
    return host:find("^%[?%x*:[%x:]*%]?$") ~= nil and not hosts.private_address(host)
  end
  if not host:find("^[%w._-]+%.[%w-]+$") or hosts.private_address(host) then
    return false
  end
  for _, name in ipairs(RESERVED) do
    if below(host, name) then
      return false
    end
  end
  for _, name in ipairs(EXAMPLES) do
    if below(host, name) then
      return false
    end
  end
  return true
end

-- Texts that are cited everywhere: beginnings of URLs, never whole domains, so that an endpoint on the same host still counts.
local CITED = { "www.gnu.org/licenses", "gnu.org/licenses", "www.gnu.org/copyleft", "www.gnu.org/software", "gnu.org/software",
  "www.apache.org/licenses", "apache.org/licenses", "opensource.org/licenses", "www.opensource.org/licenses",
  "creativecommons.org/licenses", "creativecommons.org/publicdomain", "www.mozilla.org/MPL", "mozilla.org/MPL",
  "www.boost.org/LICENSE", "boost.org/LICENSE", "scripts.sil.org/OFL", "unlicense.org", "www.unlicense.org", "www.wtfpl.net",
  "www.eclipse.org/legal", "www.eclipse.org/elk", "www.eclipse.org/emf", "www.openssl.org/source/license",
  "jquery.org/license", "jquery.com/license", "www.json.org/license",
  "www.unicode.org/copyright", "www.unicode.org/terms", "tools.ietf.org/html", "www.ietf.org/rfc", "www.rfc-editor.org/rfc",
  "datatracker.ietf.org/doc", "json-schema.org/draft", "www.iana.org/assignments", "www.ecma-international.org/ecma-262",
  "ecma-international.org/ecma-262", "developer.mozilla.org/", "en.wikipedia.org/wiki", "stackoverflow.com/questions",
  "bugs.debian.org/", "www.w3.org/TR", "dev.w3.org/", "purl.org/dc/", "purl.org/rss/1.0/", "purl.oclc.org/dsdl/schematron",
  "www.ascc.net/xml/schematron", "schemas.xmlsoap.org/soap/", "schemas.xmlsoap.org/wsdl/", "schemas.openxmlformats.org/officeDocument/",
  "schemas.microsoft.com/office/", "ns.adobe.com/xap/1.0/", "xmlns.com/foaf/0.1", "search.yahoo.com/mrss" }

local DOCUMENT = { html = true, htm = true, shtml = true, xhtml = true, txt = true, md = true, rst = true, pdf = true, ps = true,
  dtd = true, xsd = true, rng = true }

-- Parts of a path that make it a name: XML namespaces, schemas, RDF vocabularies.
local NAMING = { ns = true, xmlns = true, namespace = true, namespaces = true, schema = true, schemas = true, dtd = true, dtds = true }

--- Is the URL something to read (a licence, a standard, a page) or a name, and no place to talk to? rest: the URL without its
--- scheme. What stands behind a "#" is never sent to anybody: who writes it means a name.
function hosts.cited(rest)
  if rest:find("#", 1, true) then
    return true
  end
  for _, beginning in ipairs(CITED) do
    if text.starts(rest, beginning) then
      return true
    end
  end
  local path = rest:match("^[^/]*(/[^?]*)")
  for part in (path or ""):gmatch("[^/]+") do
    if NAMING[part:lower()] then
      return true
    end
  end
  return path ~= nil and DOCUMENT[(path:match("%.(%w+)$") or ""):lower()] == true
end

return hosts
