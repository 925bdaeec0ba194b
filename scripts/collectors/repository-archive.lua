-- The source archive of the declared repository at a declared revision, from forges that make one: its digest, and with
-- options = archive=yes also itself, where it is not larger than max_size.
local url = require "probity.url"

return {
	title = "source archive of the declared repository",
	hosts = { "github.com", "codeload.github.com", "gitlab.com", "codeberg.org" },
	needs = { "repository", "revision" },
	collect = function(product, fetch, save, options, problem)
		local at = url.parse(product.repository)
		local revision = product.revision
		if not at or not at.host or not at.path then
			return problem("the repository is no URL")
		end
		if not revision:find("^[%w._/-]+$") or revision:find("..", 1, true) then
			return problem("the revision is none")
		end
		local path = at.path:gsub("/+$", ""):gsub("%.git$", "")
		if not path:find("^/[%w._/-]+$") or path:find("..", 1, true) then
			return problem("the repository's path is none")
		end
		local name = path:match("[^/]+$")
		local where = at.host == "gitlab.com" and path .. "/-/archive/" .. revision .. "/" .. name .. "-" .. revision .. ".tar.gz"
			or path .. "/archive/" .. revision .. ".tar.gz"
		local answer, why = fetch.get { url = "https://" .. at.host .. where, digest = options.archive ~= "yes" }
		if not answer and options.archive == "yes" and why ~= "dry run" then -- too large to be kept
			problem(why)
			answer, why = fetch.get { url = "https://" .. at.host .. where, digest = true }
		end
		if answer and answer.status == 200 then
			local file = (name .. "-" .. revision):gsub("[^%w.-]", "_")
			if #answer.body > 0 then
				save { name = file .. ".tar.gz", kind = "source", from = answer }
			end
			save {
				name = file .. ".sha256", kind = "source-digest", from = answer,
				text = answer.sha256 .. "  " .. file .. ".tar.gz\n",
			}
		elseif why ~= "dry run" then
			problem(why or "status " .. answer.status)
		end
	end,
}
