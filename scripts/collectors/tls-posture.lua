-- How the declared vendor's site speaks TLS: version, certificate, HSTS. One request for its first page, whose body is not kept.
local function text(s)
	return '"' .. ((s or ""):gsub('[%c"\\]', function(c) return string.format("\\u%04x", c:byte()) end)) .. '"'
end

return {
	title = "TLS and HSTS of the declared vendor domain",
	needs = { "domain" },
	collect = function(product, fetch, save, _, problem)
		local answer, why = fetch.get { url = "https://" .. product.domain .. "/" }
		if not answer then
			return why ~= "dry run" and problem(why)
		end
		local tls = answer.tls
		if not tls then
			return problem("the answer did not come by TLS")
		end
		save {
			name = "tls.json", kind = "tls-posture", from = answer,
			text = '{"domain":' .. text(product.domain) .. ',"hsts":' .. text(answer.headers["strict-transport-security"])
				.. ',"observed":' .. text(answer.time) .. ',"schema":"probity-tls-posture/1","tls":{"cipher":' .. text(tls.cipher) .. ',"from":'
				.. text(tls.from) .. ',"issuer":' .. text(tls.issuer) .. ',"key":' .. text(tls.key) .. ',"subject":' .. text(tls.subject)
				.. ',"until":' .. text(tls["until"]) .. ',"version":' .. text(tls.version) .. "}}",
		}
	end,
}
