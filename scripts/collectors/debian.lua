-- The distributor's chain for a package of Debian: the signed InRelease, and the Packages files that its digests cover.
return {
	title = "Debian: InRelease and Packages of a suite",
	hosts = { "deb.debian.org" },
	needs = { "name", "version" },
	follows = "the Packages files whose digests InRelease lists (options: suite, components, architecture)",
	collect = function(product, fetch, save, options, problem)
		if product.kind ~= "deb" then
			return problem("the product is no package of Debian")
		end
		local suite, architecture = options.suite or "stable", options.architecture or "amd64"
		local base = "https://deb.debian.org/debian/dists/" .. suite .. "/"
		local release, why = fetch.get { url = base .. "InRelease", max = 4 << 20 }
		if not release or release.status ~= 200 then
			return why ~= "dry run" and problem(why or "InRelease: status " .. release.status)
		end
		save { name = suite .. "_InRelease", kind = "release", from = release }
		for component in (options.components or "main"):gmatch("[%w-]+") do
			local path = component .. "/binary-" .. architecture .. "/Packages"
			local found
			-- As it is or packed, whatever there is first; a listing that is too large is refused by max_size and told.
			for _, suffix in ipairs { "", ".xz", ".gz" } do
				if not found and release.body:find(path .. suffix .. "\n", 1, true) then
					local list, no = fetch.get { url = base .. path .. suffix }
					if list and list.status == 200 then
						save { name = suite .. "_" .. component .. "_Packages" .. suffix, kind = "packages", from = list }
						found = true
					elseif not list then
						problem(no)
					end
				end
			end
			if not found then
				problem(path .. " is not to be had (max_size in [collector] bounds it)")
			end
		end
	end,
}
