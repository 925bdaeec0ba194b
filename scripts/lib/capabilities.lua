--- What a file can do, as the `capabilities` fact has it. A mention in a comment is no capability.

local capabilities = {}

--- The first entry of a capability that is not in a comment, or nil. names: one name or a set { name = true }.
function capabilities.find(facts, names)
  for _, entry in ipairs(facts.capabilities or {}) do
    if not entry.comment and (entry.capability == names or (type(names) == "table" and names[entry.capability])) then
      return entry
    end
  end
  return nil
end

--- Does it reach out to the network, or wait for it?
capabilities.NETWORK = { ["net-connect"] = true, ["net-listen"] = true }

return capabilities
