-- CSAF 2.0: the provider's metadata, then the advisories that its directories list, newest first and not all.
local json = require "probity.json"
local url = require "probity.url"

local most = 40

-- index.txt: one path a line
local function listed(text)
	local paths = {}
	for line in text:gmatch("[^\r\n]+") do
		if line:find("^[%w%._/-]+%.json$") and not line:find("..", 1, true) then
			paths[#paths + 1] = line
		end
	end
	return paths
end

-- changes.csv: "path","time", newest first
local function changed(text)
	local paths = {}
	for path in text:gmatch('"([%w%._/-]+%.json)"') do
		if not path:find("..", 1, true) then
			paths[#paths + 1] = path
		end
	end
	return paths
end

return {
	title = "CSAF provider metadata and advisories of the declared vendor domain",
	needs = { "domain" },
	follows = "provider-metadata.json names directories; their changes.csv or index.txt is read, and of what it lists the "
		.. "first 40 advisories, on hosts of the allow-list",
	collect = function(product, fetch, save, options, problem)
		local answer, why
		for _, start in ipairs { "https://" .. product.domain .. "/.well-known/csaf/provider-metadata.json",
			"https://csaf.data.security." .. product.domain .. "/provider-metadata.json" } do
			answer, why = fetch.get { url = start, accept = "application/json" }
			if answer and answer.status == 200 then
				break
			end
		end
		if not answer or answer.status ~= 200 then
			return why ~= "dry run" and problem(why or "no provider-metadata.json")
		end
		save { name = "provider-metadata.json", kind = "advisories", from = answer }
		local metadata = json.decode(answer.body)
		local distributions = type(metadata) == "table" and type(metadata.distributions) == "table" and metadata.distributions or {}
		local limit = math.tointeger(tonumber(options.most or most)) or most
		local n = 0
		for _, d in ipairs(distributions) do
			local base = type(d) == "table" and type(d.directory_url) == "string" and d.directory_url or nil
			if base then
				base = base:gsub("/*$", "/")
				local paths = {}
				local list = fetch.get { url = base .. "changes.csv" }
				if list and list.status == 200 then
					paths = changed(list.body)
				else
					list, why = fetch.get { url = base .. "index.txt" }
					if list and list.status == 200 then
						paths = listed(list.body)
					else
						problem(why or base .. " lists nothing")
					end
				end
				for _, path in ipairs(paths) do
					if n >= limit then
						problem("more than " .. limit .. " advisories: the rest was not fetched")
						return
					end
					n = n + 1
					local target = url.join(base, path)
					local one, no = fetch.get { url = target, accept = "application/json" }
					if one and one.status == 200 then
						save { name = path:gsub("[^%w.-]", "_"), kind = "advisories", from = one }
						for _, suffix in ipairs { ".asc", ".sha256" } do
							local beside = fetch.get { url = target .. suffix }
							if beside and beside.status == 200 then
								save { name = path:gsub("[^%w.-]", "_") .. suffix, kind = "signature", from = beside }
							end
						end
					else
						problem(no or target .. " answers with status " .. one.status)
					end
				end
			end
		end
	end,
}
