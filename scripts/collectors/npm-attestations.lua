-- What the npm registry says and signs of a package: its entry (with dist.signatures) and its provenance.
local function path_of(name)
	return (name:gsub("/", "%%2f"))
end

return {
	title = "npm: signatures of the registry and provenance attestations",
	hosts = { "registry.npmjs.org" },
	needs = { "name", "version" },
	collect = function(product, fetch, save, _, problem)
		if product.kind ~= "npm" then
			return problem("the product is no npm package")
		end
		local name = product.name:gsub("[^%w.-]", "_") .. "-" .. product.version
		local wanted = {
			{ "https://registry.npmjs.org/" .. path_of(product.name) .. "/" .. product.version, name .. ".packument.json", "npm-packument" },
			{ "https://registry.npmjs.org/-/npm/v1/attestations/" .. path_of(product.name) .. "@" .. product.version,
				name .. ".attestations.json", "provenance" },
			{ "https://registry.npmjs.org/-/npm/v1/keys", "keys.json", "npm-keys" },
		}
		for _, w in ipairs(wanted) do
			local answer, why = fetch.get { url = w[1], accept = "application/json" }
			if answer and answer.status == 200 then
				save { name = w[2], kind = w[3], from = answer }
			elseif answer and answer.status ~= 404 then
				problem(w[1] .. " answers with status " .. answer.status)
			elseif not answer and why ~= "dry run" then
				problem(why)
			end
		end
	end,
}
