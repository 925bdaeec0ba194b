-- Trust as an interval on 0..100: from the floor (everything that was not looked at had failed) to trust (only what was found counts),
-- against the two thresholds of the policy. Where nothing may be rated the interval is drawn empty and the words stand in its place.
local svg = require "lib.svg"

local TOP, BOTTOM = 26, 50 -- of the track, in pixels
local MIDDLE = (TOP + BOTTOM) // 2

local LINE, WIDE = 14, 40 -- of a threshold's words: pixels, and percent of a narrow picture's width

local NEAR_END = 985 -- tenths: from here on the needle would lie on the scale's "100", and its own words say the number

-- Words stand away from the middle, where they have room.
local function anchor_of(at, towards)
  if towards == "end" and at < 28 then
    return "start"
  end
  return towards == "start" and at > 74 and "end" or towards
end

-- Do the words of the two thresholds meet? Then one of them stands a line higher.
local function they_meet(reject, accept)
  local from = anchor_of(accept, "start") == "end" and accept - WIDE or accept
  local to = anchor_of(reject, "end") == "start" and reject + WIDE or reject
  return from < to
end

-- A threshold: a line through the track and its words above, so many pixels higher than usual.
local function threshold(h, at, text, towards, higher)
  local x = svg.share(at, 100)
  return h.g { class = "threshold", h.line { x1 = x, x2 = x, y1 = TOP - 6 - higher, y2 = BOTTOM + 4, class = "threshold-line" },
    svg.text(h, x, TOP - 11 - higher, "small", anchor_of(at, towards), text) }
end

-- The two zones that the thresholds cut off, and the one between: three tints, told apart by the thresholds' lines and words.
local function zones(h, reject, accept)
  local function zone(from, to, class)
    return h.rect { x = svg.share(from, 100), width = svg.share(to - from, 100), y = TOP, height = BOTTOM - TOP, class = class }
  end
  return { zone(0, reject, "zone-reject"), zone(reject, accept, "zone-between"), zone(accept, 100, "zone-accept"),
    h.rect { x = 0, y = TOP, width = "100%", height = BOTTOM - TOP, class = "track-edge" } }
end

local function scale(h)
  local ticks = {}
  for n = 10, 90, 10 do
    local x = svg.share(n, 100)
    ticks[#ticks + 1] = h.line { x1 = x, x2 = x, y1 = BOTTOM - (n == 50 and 6 or 3), y2 = BOTTOM, class = "tick" }
  end
  return ticks
end

-- The interval with its two ends, and their numbers one below the other so that they never meet.
local function interval(h, words, id, trust, floor)
  local at, low = svg.share(trust, 1000), svg.share(floor, 1000)
  return {
    h.rect { x = low, y = TOP + 4, width = svg.share(trust - floor, 1000), height = BOTTOM - TOP - 8, class = "interval",
      fill = "url(#" .. id .. "-range)" },
    svg.mark(h, low, MIDDLE, "bracket", "M5 -13H-1V13H5"),
    svg.mark(h, at, MIDDLE, "needle", "M0 -18L7 0L0 18L-7 0Z"),
    svg.text(h, at, BOTTOM + 22, "value", svg.anchor(trust, 1000), words("svg.gauge.trust", { trust = trust // 10 })),
    svg.text(h, low, BOTTOM + 42, "label", svg.anchor(floor, 1000), words("svg.gauge.floor", { floor = floor // 10 })),
  }
end

local function no_interval(h, words, trust, floor)
  return {
    h.rect { x = svg.share(floor, 1000), y = TOP + 4, width = svg.share(trust - floor, 1000), height = BOTTOM - TOP - 8,
      class = "interval-none" },
    svg.text(h, "50%", BOTTOM + 24, "value", "middle", words("decision.not-rated")),
  }
end

---@param id? string  unique on the page, where there are several
return function(h, model, words, id)
  id = id or "gauge"
  local policy, rated = model.policy, model.rated
  local trust, floor = model.trust.tenths, model.floor.tenths
  local reject, accept = policy.reject_below, policy.accept.trust
  local more = they_meet(reject, accept) and LINE or 0
  local said = { trust = trust // 10, floor = floor // 10, reject = reject, accept = accept }
  return svg.figure(h, {
    id = id, class = "picture-gauge", height = (rated and 98 or 82) + more, title = words("svg.gauge.title"),
    desc = words(rated and "svg.gauge.desc" or "svg.gauge.desc_none", said),
    note = words(rated and "svg.gauge.note" or "svg.gauge.note_none"),
    heads = { words("svg.what"), words("svg.of_100") },
    rows = rated and { { words("trust"), svg.tenths(trust, words) }, { words("floor"), svg.tenths(floor, words) },
      { words("svg.gauge.reject", said), tostring(reject) }, { words("svg.gauge.accept", said), tostring(accept) } } or {},
    svg.patterns(h, id, { "range" }),
    svg.text(h, 0, MIDDLE + 4 + more, "small", "start", "0"),
    not (rated and trust >= NEAR_END) and svg.text(h, "100%", MIDDLE + 4 + more, "small", "end", "100"),
    h.svg { x = "4.50%", y = more > 0 and more, width = "89.00%", class = "mark", zones(h, reject, accept), scale(h),
      rated and interval(h, words, id, trust, floor) or no_interval(h, words, trust, floor),
      threshold(h, reject, words("svg.gauge.reject", said), "end", 0),
      threshold(h, accept, words("svg.gauge.accept", said), "start", more) },
  }, words)
end
