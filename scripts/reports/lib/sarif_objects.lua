-- The objects of a product as SARIF's artifacts: each container, and what lies in it, once. A nested one names its
-- parent, and its URI is its path in there.
local plain = require "lib.plain"
local sarif = require "lib.sarif_text"

local objects = {}

--- What collects them. The product itself is artifact 0.
---@param product table  of the report
---@param root string | nil  the first element of the paths, where there are any
function objects.new(product, root)
  local all = { list = {}, by_path = {}, root = root or product.name }
  local artifact = {
    location = { uri = sarif.uri(all.root), index = 0, description = sarif.message(all.root) },
    roles = { "analysisTarget" },
    length = product.size, hashes = { ["sha-256"] = product.sha256 },
  }
  all.list[1] = artifact
  all.by_path[all.root .. "\0"] = 1
  return all
end

-- The index (from 0) of the object at path.
local function index_of(all, path)
  local key, parent = "", nil
  for i, name in ipairs(path) do
    key = key .. name .. "\0"
    local at = all.by_path[key]
    if not at then
      at = #all.list + 1
      all.list[at] = {
        location = { uri = sarif.uri(name), index = at - 1, description = sarif.message(name) },
        roles = { "resultFile" },
        parentIndex = i > 1 and parent or nil,
      }
      all.by_path[key] = at
    end
    parent = at - 1
  end
  return parent or 0
end

--- "outer.deb > data.tar.xz > usr/bin/x"
function objects.chain(all, path)
  return plain(#path > 0 and table.concat(path, " > ") or all.root)
end

--- A location: the object, the bytes in it, what stands there. place: path, and of evidence also sha256, offset,
--- length, excerpt.
function objects.location(all, place)
  local index = index_of(all, place.path)
  local artifact = all.list[index + 1]
  if place.sha256 and place.sha256 ~= "" and not artifact.hashes then
    artifact.hashes = { ["sha-256"] = place.sha256 }
  end
  -- Whoever shows results wants a line. Bytes of a product have none: it is the first, and the bytes are named beside
  -- it.
  local region = { startLine = 1 }
  if place.offset and place.offset >= 0 then
    region.byteOffset, region.byteLength = place.offset, place.length
  end
  if place.excerpt and place.excerpt ~= "" then
    region.snippet = { text = plain(place.excerpt) }
  end
  local names = objects.chain(all, place.path)
  return {
    physicalLocation = { artifactLocation = { uri = artifact.location.uri, index = index }, region = region },
    logicalLocations = { { fullyQualifiedName = names, name = plain(place.path[#place.path] or all.root),
      kind = "object" } },
  }
end

return objects
