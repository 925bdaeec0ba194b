-- The arithmetic of the score, as plugin/score has it: whole numbers, division truncates. Formats need it to say how a
-- number came about; none of them may come to another one. All constants are expert judgement.
local arith = {}

arith.SEVERITIES = { "critical", "high", "medium", "low", "info" } -- worst first
arith.RANK = { critical = 5, high = 4, medium = 3, low = 2, info = 1 }
-- S: demerit, in thousandths of a point, of one certain finding. H, the worst case of a check, is twice that.
arith.POINTS = { critical = 20000, high = 6000, medium = 2000, low = 500, info = 0 }
-- rho, permille: how much a pass by such means is worth
arith.RHO = {
  verified = 1000, parsed = 900, ["third-party"] = 900, exact = 700, ["vendor-signed"] = 600, heuristic = 500,
  ["self-declared"] = 300,
}
arith.PILLARS = { "integrity", "data-care", "verification", "culture" }
arith.RATED_FROM = 250 -- permille of confidence below which there is no number
arith.NO_CAP = 100
arith.CONFIRMED = 800 -- permille of kappa from which a finding decides by itself
arith.WAIVED_KAPPA = 200

local STEPS = 1000 -- of one halving

-- floor(10^9 * 2^(-x/1000)). The powers are irrational but for x = 0, and none lies so near to a whole number that a
-- double would round over it (tests/cli/report_html.sh holds all 1000 against plugin/score/p2.h).
local function half(x)
  if x >= 40 * STEPS then
    return 0
  end
  return math.floor(10 ^ 9 * 2 ^ (-(x % STEPS) / STEPS)) >> (x // STEPS)
end
arith.half = half

--- Trust in tenths of a demerit in thousandths of a point, without any cap.
---@param demerit integer
---@return integer
function arith.trust(demerit)
  return 1000 * half(demerit // 10) // 1000000000
end

--- What a claim adds to the product's demerit: lambda by the pillar's weight.
function arith.weighted(lambda, weight)
  return lambda * weight // 1000
end

--- Shares of a whole in proportion to parts, each rounded down, the rest given to the largest remainders (the first of
--- equals): they sum up to the whole exactly.
---@param whole integer  at least 0
---@param parts integer[]  at least 0, not all 0
---@return integer[]
function arith.shares(whole, parts)
  local sum, given, shares, order = 0, 0, {}, {}
  for _, part in ipairs(parts) do
    sum = sum + part
  end
  for i, part in ipairs(parts) do
    shares[i] = whole * part // sum
    given = given + shares[i]
    order[i] = { at = i, remainder = whole * part % sum }
  end
  table.sort(order, function(a, b)
    if a.remainder ~= b.remainder then
      return a.remainder > b.remainder
    end
    return a.at < b.at
  end)
  for i = 1, whole - given do
    local at = order[i].at
    shares[at] = shares[at] + 1
  end
  return shares
end

return arith
