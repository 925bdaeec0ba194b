--- Chains that only Python has words for, of the roles that lib.chains finds.

local python_chains = {}

local SMALL = 65536 -- bytes of a file that is no collection of many

-- Names of files that it writes, and names of what it starts.
local WRITTEN = {
  "\\burlretrieve\\([^(),\n]{1,80},\\s*([A-Za-z_]\\w*)\\s*[),]", "\\bopen\\(\\s*([A-Za-z_]\\w*),\\s*[\"'][wa]b",
  "\\b([A-Za-z_]\\w*)\\.write_bytes\\(",
}
local STARTED = "\\b(?:Popen|call|run|check_call|check_output|system|popen|startfile|execv|CDLL)"
  .. "\\(\\s*\\[?\\s*(?:str\\()?([A-Za-z_]\\w*)\\s*[\\]),]"

-- Where it starts a file that it wrote, by the same name.
local function starts_what_it_wrote(object, r)
  local names = {}
  for _, pattern in ipairs(r.write and object.size <= SMALL and WRITTEN or {}) do
    for _, _, name in object:matches(pattern) do
      names[name] = true
    end
  end
  for at, length, name in object:matches(next(names) and STARTED or "(?!)") do
    for _, exec in ipairs(names[name] and r.exec.at or {}) do
      if math.abs(exec - at) <= length + 20 then
        return exec
      end
    end
  end
  return nil
end

--- Adds chains that only Python has words for. r: roles (lib.chains); w: how near is near; chain(id, at) and near(a, b, window): those of
--- lib.chains.
function python_chains.add(object, r, w, chain, near)
  local sends = r.net or r.socket
  chain("fetched-started", sends and r.exec and starts_what_it_wrote(object, r))
  chain("key-posted", near(r["cred-ssh"], r.form, 300) and near(r["cred-ssh"], sends, 300))
  chain("told-to-run", near(r["remote-command"], sends, 1500))
  chain("runs-data", r["data-eval"] and r["data-eval"].at[1])
  chain("file-sent", near(r.upload, sends, 400))
  chain("home-sent", near(r.reads, r.form, 1000) and near(r.home, r.form, 1500) and near(r.form, sends, 400))
  chain("env-secrets-sent", near(r["env-secrets"], sends, w))
  chain("wallet-key-taken", near(r["method-replaced"], r["wallet-key"], 2000))
  chain("encrypts-files", r.remove and r.home and near(r.encrypt, r.walk, 1500))
  chain("written-run", near(r.chmod, r.exec, 600) and near(r.write, r.chmod, 1000))
  chain("shipped-run", r.own and near(r.chmod, r.exec, 400))
  chain("download-load", near(r.write, r.net, w) and near(r["native-load"], r.write, 2000))
  chain("sourceless", r.sourceless and r.sourceless.at[1])
  chain("pip-run", r["pip-run"] and r["pip-run"].at[1])
  chain("command-replaced", r.write and near(r["path-search"], r.chmod, 1500))
  chain("home-uploaded", near(r.upload, r.home, 1500))
  chain("starts-itself", r["self-start"] and r["self-start"].at[1])
  chain("build-backend", r.backend and r.backend.at[1])
end

--- The roles that are left where only these places count.
function python_chains.only(roles, counts)
  local left = {}
  for name, role in pairs(roles) do
    local kept = { n = 0, at = {}, ids = {}, by = role.by }
    for _, at in ipairs(role.at) do
      if counts(at) then
        local id = role.by[at] or "call"
        kept.n = kept.n + (kept.ids[id] and 0 or 1)
        kept.ids[id] = true
        kept.at[#kept.at + 1] = at
      end
    end
    left[name] = kept.n > 0 and kept or nil
  end
  return left
end

-- What does something. Where nothing of it runs at import, what else stands there is a table or a text.
local ACTS = { "net", "socket", "exec", "eval", "write", "native-load", "sourceless", "method-replaced", "clipboard", "screen", "destroy",
  "import-hook", "inject", "shell-spawn", "protected", "remove" }

--- Does anything of these roles do something?
function python_chains.acts(roles)
  for _, name in ipairs(ACTS) do
    if roles[name] then
      return true
    end
  end
  return false
end

--- Roles with imports among them. To import a module that reaches out is enough for "uses the network", but it is no use of it.
function python_chains.with_imports(roles)
  local import, all = roles["net-import"], {}
  for name, role in pairs(roles) do
    all[name] = role
  end
  if import and roles.net then
    all.net = { n = roles.net.n + import.n, at = table.move(import.at, 1, #import.at, #roles.net.at + 1, { table.unpack(roles.net.at) }) }
    table.sort(all.net.at)
  else
    all.net = roles.net or import
  end
  return all
end

return python_chains
