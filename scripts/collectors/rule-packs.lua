-- Updates of packs of rules. They are files like others here: `probity pack install` verifies them, with the keys that this machine trusts.
return {
	title = "signed packs of rules",
	follows = "the packs that are named in the options (packs=a,b), from the mirror",
	collect = function(_, fetch, save, options, problem)
		if not options.packs then
			return problem("no pack is named: [collector rule-packs] mirror = https://... and options = packs=NAME,NAME")
		end
		for name in options.packs:gmatch("[a-z0-9-]+") do
			local answer, why = fetch.get { url = "https://packs.invalid/" .. name .. ".tar.gz" }
			if answer and answer.status == 200 then
				save { name = name .. ".tar.gz", kind = "rule-pack", from = answer }
			elseif why ~= "dry run" then
				problem(why or name .. ": status " .. answer.status)
			end
		end
	end,
}
