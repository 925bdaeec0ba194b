-- What several checks share: local words = require "lib.@WORD@". Loaded once, and read-only from then on.
local M = {}

-- Words that mark a line as an example.
local EXAMPLES = { "example", "sample" }

-- is_example(line): does the line say that it is an example?
function M.is_example(line)
  line = line:lower()
  for _, word in ipairs(EXAMPLES) do
    if line:find(word, 1, true) then
      return true
    end
  end
  return false
end

return M
