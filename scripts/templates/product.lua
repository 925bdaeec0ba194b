-- What this check is about, and what it does not mean. `probity check types` lists all that it may touch.

---@type probity.Check
return {
  title       = "@TITLE@",
  why         = "Whom it harms, and how: one sentence for people who buy.",
  confirm     = "How a person confirms a finding by hand: `ls -lR PRODUCT`.", -- PRODUCT: what was assessed
  -- The claim that it speaks to, one of this pillar:
  -- @CLAIMS@
  claim       = "@CLAIM@",
  severity    = "low", -- the worst that it may raise: info, low, medium, high, critical
  reliability = "parsed", -- by what means it looks: verified, parsed, exact, heuristic, self-declared
  findings    = {
    named = {
      says = "holds %s",
      fix = "What the vendor can do about it.",
    },
  },
  maps        = { "paris:P7" },
  samples     = {
    hit = { "hit" }, -- folders: a product each
    clean = { "clean" },
  },

  -- Runs once for each product: it sees every object's path and facts, the packages, and no bytes.
  product = function(product, found)
    for o in product:objects { glob = "replace-me.*" } do
      found.named { key = o.basename, object = o, o.basename }
    end
  end,
}
