-- Markup by construction: HTML, and SVG in it or alone.
--
--   local h = require "lib.html"
--   local page = h.p { class = "note", "of ", h.b { name }, ", ", { "a list", " of children" } }
--   h.write(out, page)
--
-- h.NAME { ... } makes an element: what has a name is an attribute, what has a number is a child. A child is a text or
-- a number (always escaped), an element, a list of children, or false or nil (nothing). One text alone needs no braces:
-- h.b(name). Attributes are texts and numbers (escaped), true (there, empty), false or nil (left out).
--
-- An element is a function that writes itself, so nothing that comes from a report can be one: a document has no
-- functions. There is no way from a string to markup. Styles and scripts are files of the assets folder, taken by name
-- (h.style, h.script); addresses go through h.link, everything that would run or load something is refused as an
-- attribute.
local assets = require "probity.assets"
local hash = require "probity.hash"
local text = require "probity.text"

local h = {}

local ESCAPES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }
local PIECE = 32768 -- bytes: string functions take 64 KiB, and inert text may be longer than what it was made of

-- A cut inside a character would spoil it: back to where one begins.
local function cut(s, from)
  local to = from + PIECE - 1
  if to >= #s then
    return #s
  end
  while to > from and s:byte(to + 1) & 0xc0 == 0x80 do
    to = to - 1
  end
  return to
end

local function escape_piece(s)
  if not s:find("[^ !#-%%(-;=?-~]") then
    return s -- nearly every text
  end
  if s:find("[^\32-\126]") then
    if s:find("\0", 1, true) then
      s = s:gsub("%z", "\\x00")
    end
    s = text.safe(s) -- control characters, broken UTF-8, what turns the direction of a line
  end
  s = s:gsub("[&<>\"']", ESCAPES)
  return s
end

--- A text as it stands in an element or an attribute.
---@param s string | number
---@return string
local function escape(s)
  if type(s) == "number" then
    return tostring(s)
  end
  if #s <= PIECE then
    return escape_piece(s)
  end
  local parts, from = {}, 1
  while from <= #s do
    local to = cut(s, from)
    parts[#parts + 1] = escape_piece(s:sub(from, to))
    from = to + 1
  end
  return table.concat(parts)
end
h.escape = escape

-- Attributes that are known to be harmless with any text. Not among them: style, on..., href, src, srcdoc, action, ...
local ATTRIBUTES = {}
for name in ([[abbr class colspan content charset datetime dir for headers hidden id lang name open role rowspan scope
    span tabindex title translate type value width height viewBox xmlns x y x1 y1 x2 y2 cx cy r rx ry d points dx dy
    transform fill stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity fill-opacity opacity
    fill-rule clip-path clip-rule offset stop-color text-anchor dominant-baseline font-size font-weight font-family
    letter-spacing textLength lengthAdjust preserveAspectRatio patternUnits patternTransform gradientUnits vector-effect
    shape-rendering focusable version min max low high optimum start reversed
    aria-hidden aria-label aria-labelledby data-severity data-pillar data-claim data-status data-text data-label]]):gmatch("%S+") do
  ATTRIBUTES[name] = true
end

local function check_attribute(name)
  if ATTRIBUTES[name] or name:find("^data%-[a-z-]+$") or name:find("^aria%-[a-z]+$") then
    return
  end
  error('html: no element may have the attribute "' .. name .. '"; addresses go through h.link', 3)
end

local write

local function write_children(out, children)
  for _, child in ipairs(children) do
    write(out, child)
  end
end

--- Writes a child: text, number, element, list, or nothing.
---@param out fun(...)
---@param node any
function write(out, node)
  local kind = type(node)
  if kind == "function" then
    node(out)
  elseif kind == "string" then
    out(node == "\n" and node or escape(node)) -- a line end by itself, so that the source can be read
  elseif kind == "number" then
    out(node)
  elseif kind == "table" then
    for _, child in pairs(node) do
      write(out, child)
    end
  elseif kind == "boolean" and node then
    error("html: true is no child")
  end
end
h.write = write

local VOID = { br = true, hr = true, meta = true, link = true, col = true, wbr = true }

-- first: the start tag up to the attributes, extra: attributes that were checked elsewhere, written as they are.
local function element(name, content, extra)
  if type(content) == "string" and not VOID[name] then -- no table to go through in order
    return function(out)
      out("<", name, extra or "", ">", content == "\n" and content or escape(content), "</", name, ">")
    end
  end
  if type(content) ~= "table" then
    content = { content }
  end
  local start, children = "<" .. name .. (extra or ""), {}
  for key, value in pairs(content) do
    if type(key) == "number" then
      children[#children + 1] = value
    elseif value then
      check_attribute(key)
      if value == true then
        start = start .. " " .. key .. '=""'
      else
        start = start .. " " .. key .. '="' .. escape(value) .. '"'
      end
    end
  end
  if VOID[name] then
    return function(out)
      out(start, ">")
    end
  end
  return function(out)
    out(start, ">")
    write_children(out, children)
    out("</", name, ">")
  end
end

-- Elements that hold text or other elements and do nothing by themselves. a, base, embed, form, iframe, img, image,
-- link, meta, object, script, style, use are not among them.
for name in ([[abbr article aside b bdi bdo blockquote body br caption code col colgroup dd del details dfn div dl dt em
    figcaption figure footer h1 h2 h3 h4 h5 h6 head header hr html i ins kbd li main mark meter nav ol p pre q s samp section
    small span strong sub summary sup table tbody td tfoot th thead time title tr u ul var wbr
    svg g path rect circle ellipse line polyline polygon text tspan defs desc pattern clipPath linearGradient
    radialGradient stop marker mask symbol]]):gmatch("%S+") do
  h[name] = function(content)
    return element(name, content)
  end
end

-- nil where it is none that may be followed: https, http, mailto, a place in this page, or (relative) a file beside it.
local function address(url)
  if url:find("^https?://[%w._~%%:/?#@!$&'()*+,;=%[%]-]+$") or url:find("^mailto:[%w._%%+@-]+$")
    or url:find("^#[%w._-]+$") then
    return url
  end
  return nil
end

--- A link; where the address is none of https, http, mailto and #place, its text without one.
---@param url string
---@param content any  attributes and children, as of an element; the address itself by default
function h.link(url, content)
  local to = #url <= 2048 and address(url)
  content = content or url
  if not to then
    return element("span", content)
  end
  local rel = to:byte() == 35 and "" or ' rel="noreferrer noopener nofollow"'
  return element("a", content, ' href="' .. escape(to) .. '"' .. rel)
end

--- A link to a file of the same site: names of letters, digits, dots, dashes and slashes, relative, never upwards past
--- "../".
function h.file_link(path, content)
  local plain = path:gsub("^%.%./", ""):gsub("^%.%./", "")
  if not plain:find("^[%w._/-]+$") or plain:find("%.%.") or plain:find("^/") or plain:find("//") then
    error('html: "' .. path .. '" is no file of a site')
  end
  return element("a", content or path, ' href="' .. path .. '"')
end

-- Text of assets in one piece. What could end the element early has no place in them.
local function bundle(names, ending)
  local parts = {}
  for _, name in ipairs(names) do
    local body = assets[name]
    if not body then
      error('html: there is no asset "' .. name .. '"')
    end
    parts[#parts + 1] = body
  end
  local body = table.concat(parts, "\n")
  if text.has(body, ending) or text.has(body, "<!--") then
    error("html: an asset must not hold " .. ending .. " or <!--")
  end
  return body
end

--- What a content security policy names an inline style or script by.
local function source(body)
  return "'sha256-" .. text.base64_encode(hash.raw("sha256", body)) .. "'"
end

--- An inline style of assets: the element, and its source for the policy.
---@param names string[]
function h.style(names)
  local body = bundle(names, "</style")
  return function(out)
    out("<style>", body, "</style>")
  end, source(body)
end

--- An inline script of assets, run when the page is read: the element, and its source for the policy.
---@param names string[]
function h.script(names)
  local body = bundle(names, "</script")
  return function(out)
    out("<script>", body, "</script>")
  end, source(body)
end

--- <meta name= content=>, or http-equiv where name is "Content-Security-Policy".
function h.meta(name, content)
  if name == "charset" then
    return element("meta", { charset = content })
  end
  if name == "Content-Security-Policy" then
    return element("meta", { content = content }, ' http-equiv="Content-Security-Policy"')
  end
  return element("meta", { name = name, content = content })
end

-- The same of a file beside the page, for a site whose pages share one.
local function beside(path)
  local plain = path:gsub("^%.%./", "")
  if not plain:find("^[%w_-]+%.[a-z]+$") then
    error('html: "' .. path .. '" is no shared file of a site')
  end
  return escape(path)
end

--- A style that pages of a site share: a file of the same folder, or of the one above.
function h.shared_style(path)
  return element("link", {}, ' rel="stylesheet" href="' .. beside(path) .. '"')
end

--- A script likewise, run when the page was read.
function h.shared_script(path)
  return element("script", {}, ' src="' .. beside(path) .. '" defer')
end

--- A whole document.
function h.document(language, head, body)
  return function(out)
    out("<!DOCTYPE html>\n")
    write(out, h.html { lang = language, h.head { head }, "\n", body })
    out("\n")
  end
end

--- Children one at a time, for long lists: make(item, number) is called when its turn to be written comes.
---@param list any[]
---@param make fun(item: any, number: integer): any
function h.each(list, make)
  return function(out)
    for i, item in ipairs(list) do
      write(out, make(item, i))
    end
  end
end

--- One element many times, for long lists: make(hole) is called once and builds it with hole(1), hole(2), ... in place of
--- texts and of attributes' values; the answer is a function of a list of texts that gives the element with these,
--- escaped as anywhere. Ten times as fast as elements made one by one.
---@param make fun(hole: fun(n: integer): string): any
---@return fun(values: (string|number)[]): any
function h.template(make)
  local written = {}
  write(function(...)
    for _, piece in ipairs { ... } do
      written[#written + 1] = piece
    end
  end, make(function(n)
    return "@@" .. n .. "@@"
  end))
  local whole, pieces, holes, from = table.concat(written), {}, {}, 1
  while true do
    local at, to, n = whole:find("@@(%d+)@@", from)
    pieces[#pieces + 1] = whole:sub(from, (at or 0) - 1)
    if not at then
      break
    end
    holes[#holes + 1] = tonumber(n)
    from = to + 1
  end
  return function(values)
    return function(out)
      local filled = {}
      for i, n in ipairs(holes) do
        filled[2 * i - 1] = pieces[i]
        filled[2 * i] = escape(values[n])
      end
      filled[#filled + 1] = pieces[#pieces]
      out(table.unpack(filled))
    end
  end
end

return h
