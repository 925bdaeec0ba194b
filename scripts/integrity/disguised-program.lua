-- Names of documents, pictures, sounds and texts: nobody starts those.
local DOCUMENTS = {}
for name in ("rtf pdf doc docx xls xlsx ppt pptx odt txt md csv jpg jpeg png gif bmp ico svg webp tif tiff mp3 mp4 wav ogg avi mov mkv "
  .. "html htm css xml json yml yaml log woff woff2 ttf otf eot plist strings nib"):gmatch("%S+") do
  DOCUMENTS[name] = true
end
local STARTS = { exe = true, scr = true, com = true, pif = true, cpl = true }

local function why(o)
  local name = o.basename:lower()
  local stem, last = name:match("^(.+)%.(%w+)$")
  if last and DOCUMENTS[last] then
    return "document", last
  end
  local before = stem and STARTS[last] and stem:match("%.(%w+)%s*$")
  if before and DOCUMENTS[before] and before ~= "md" then
    return "double", before
  end
  return nil
end

---@type probity.Check
return {
  title       = "Program under the name of a document",
  why         = "A program that is called like a document or a picture is there to be overlooked, and to be started by something else.",
  confirm     = [[Ask what it is by its bytes: `file OBJECT` and `head -c 4 OBJECT | xxd`. A program begins with 7f 45
    4c 46, 4d 5a or fe ed fa, whatever its name says.]],
  catalogue   = "I-02",
  claim       = "backdoor",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "elf", "pe", "macho" },
  findings    = {
    document = {
      says = "%s is a program (%s), and its name says that it is something else",
      fix = "Remove it, or give it a name that says what it is.",
    },
    double = {
      says = "%s is a program (%s) whose name looks like that of a document",
      fix = "Remove it, or give it a name that says what it is.",
    },
  },
  maps        = { "paris:P5", "cwe:506", "req:R3" },
  samples     = { hit = { "resources", "two-names" }, clean = { "ordinary" } },

  product = function(product, found)
    for o in product:objects { class = "binary" } do
      local how = (o.kind == "elf" or o.kind == "pe" or o.kind == "macho") and #o.path > 1 and why(o)
      if how then
        found[how] { key = o.sha256, object = o, o.basename, o.kind }
      end
    end
  end,
}
