-- Squarified treemap (Bruls, Huizing, van Wijk): rectangles whose areas are in proportion to sizes, as near to squares as their order
-- allows.

-- The worst ratio of the sides of a row of areas laid along a side: the less the better, 1 at best.
local function worst(sum, least, most, side)
  local s2, side2 = sum * sum, side * side
  return math.max(side2 * most / s2, s2 / (side2 * least))
end

-- Lays areas[from..to] along the shorter side of the free rectangle, and takes their strip off it.
local function lay(areas, from, to, sum, free, out)
  local along_y = free.w >= free.h
  local thick = along_y and sum / free.h or sum / free.w
  local at = along_y and free.y or free.x
  for i = from, to do
    local long = areas[i] / thick
    out[i] = along_y and { x = free.x, y = at, w = thick, h = long } or { x = at, y = free.y, w = long, h = thick }
    at = at + long
  end
  if along_y then
    free.x, free.w = free.x + thick, free.w - thick
  else
    free.y, free.h = free.y + thick, free.h - thick
  end
end

---@param sizes integer[]  above 0, the largest first
---@param width number
---@param height number
---@return {x: number, y: number, w: number, h: number}[]
return function(sizes, width, height)
  local total, areas, out = 0, {}, {}
  for _, size in ipairs(sizes) do
    total = total + size
  end
  for i, size in ipairs(sizes) do
    areas[i] = size / total * width * height
  end
  local free, from = { x = 0.0, y = 0.0, w = width + 0.0, h = height + 0.0 }, 1
  while from <= #areas do
    local side = math.min(free.w, free.h)
    local to, sum, least, most = from, areas[from], areas[from], areas[from]
    local ratio = worst(sum, least, most, side)
    while to < #areas do
      local nsum, nleast, nmost = sum + areas[to + 1], math.min(least, areas[to + 1]), math.max(most, areas[to + 1])
      local nratio = worst(nsum, nleast, nmost, side)
      if nratio > ratio then
        break
      end
      to, sum, least, most, ratio = to + 1, nsum, nleast, nmost, nratio
    end
    lay(areas, from, to, sum, free, out)
    from = to + 1
  end
  return out
end
