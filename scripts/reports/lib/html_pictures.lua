-- Where the page's pictures come from: lib/svg_NAME.lua each, a function of (h, model, words).
return {
  gauge = require "lib.svg_gauge",
  pillars = require "lib.svg_pillars",
  waterfall = require "lib.svg_waterfall",
  treemap = require "lib.svg_treemap",
  endpoints = require "lib.svg_endpoints",
}
