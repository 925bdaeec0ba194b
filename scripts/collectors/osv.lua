-- Known advisories for the product and the packages inside of it, by name and version; nothing else of it is told.
local json = require "probity.json"

local most = 50

local function escaped(text)
	return (text:gsub('[%c"\\]', function(c) return string.format("\\u%04x", c:byte()) end))
end

-- The answer's "vulns", as the text that they are: OSV JSON, kept as it came.
return {
	title = "OSV: advisories by package coordinates",
	hosts = { "api.osv.dev" },
	needs = { "purl" },
	follows = "further pages, where an answer says that there are (next_page_token)",
	collect = function(product, fetch, save, _, problem)
		local asked, purls = {}, { product.purl }
		for _, package in ipairs(product.packages or {}) do
			purls[#purls + 1] = package.purl
		end
		local n = 0
		for _, purl in ipairs(purls) do
			if not asked[purl] and n < most then
				asked[purl] = true
				n = n + 1
				local token, page = nil, 1
				repeat
					local more = token and ',"page_token":"' .. escaped(token) .. '"' or ""
					local answer, why = fetch.get {
						url = "https://api.osv.dev/v1/query",
						body = '{"package":{"purl":"' .. escaped(purl) .. '"}' .. more .. "}",
						type = "application/json", accept = "application/json",
					}
					token = nil
					if answer and answer.status == 200 then
						local name = purl:gsub("^pkg:", ""):gsub("[^%w.-]", "_")
						save { name = name .. (page > 1 and "-" .. page or "") .. ".json", kind = "osv", from = answer }
						local said = json.decode(answer.body)
						token = type(said) == "table" and type(said.next_page_token) == "string" and said.next_page_token or nil
						page = page + 1
					elseif answer then
						problem(purl .. ": status " .. answer.status)
					elseif why ~= "dry run" then
						return problem(why)
					end
				until not token or page > 10
			end
		end
		if #purls > most then
			problem("only the first " .. most .. " packages were asked for")
		end
	end,
}
