-- RFC 9116: whom to tell of a weakness, and until when that holds.
return {
	title = "security.txt of the declared vendor domain",
	needs = { "domain" },
	collect = function(product, fetch, save, _, problem)
		for _, path in ipairs { "/.well-known/security.txt", "/security.txt" } do
			local answer, why = fetch.get { url = "https://" .. product.domain .. path, accept = "text/plain", max = 256 << 10 }
			if answer and answer.status == 200 then
				return save { name = "security.txt", kind = "security-txt", from = answer }
			elseif answer and answer.status ~= 404 then
				problem(path .. " answers with status " .. answer.status)
			elseif not answer and why ~= "dry run" then
				return problem(why)
			end
		end
	end,
}
