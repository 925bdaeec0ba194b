--- Names of the chains of lib.python_chains, as lib.chain_names has them.

return {
  ["hook-and-send"] = {
    says = "hooks what is imported, and uses the network",
    alone = "several",
    installed = "strong",
    expected = { "tracing", "apm", "test", "testing", "instrumentation", "mock", "loader", "plugins", "import", "monitoring" },
  },
  ["env-secrets-sent"] = {
    says = "reads keys of services from the environment, and uses the network",
    alone = "weak",
    installed = "strong",
    loaded = "strong",
  },
  ["wallet-key-taken"] = {
    says = "puts itself in front of what makes keys of wallets",
    alone = "strong",
    installed = "strong",
    expected = { "test", "testing", "mock" },
  },
  ["encrypts-files"] = {
    says = "encrypts files all over the user's home, and removes them",
    alone = "strong",
    installed = "strong",
    expected = { "encryption", "encrypt", "backup", "vault", "sync", "crypto" },
  },
  ["told-to-run"] = {
    says = "uses the network, and runs commands that it does not hold",
    alone = "weak",
    installed = "strong",
    loaded = "strong",
  },
  ["runs-data"] = {
    says = "runs a text out of a file of data as code",
    alone = "weak",
    installed = "strong",
    loaded = "strong",
  },
  ["file-sent"] = {
    says = "sends the contents of files",
    alone = "weak",
    installed = "strong",
    loaded = "strong",
  },
  ["home-sent"] = {
    says = "reads files of the user's home, and sends beside it",
    alone = "weak",
    installed = "strong",
    loaded = "strong",
  },
  ["fetched-started"] = {
    says = "starts the file that it has downloaded",
    alone = "weak",
    installed = "strong",
    loaded = "strong",
  },
  ["key-posted"] = {
    says = "reads a key of SSH, and sends it in a form",
    alone = "strong",
    installed = "strong",
    expected = { "deploy", "provisioning", "scanner", "forensics" },
  },
  ["written-run"] = {
    says = "writes a program, and starts it",
    alone = "weak",
    installed = "strong",
    loaded = "strong",
  },
  ["shipped-run"] = {
    says = "makes a file of its own executable, and starts it",
    alone = "weak",
    installed = "strong",
    loaded = "strong",
  },
  ["download-load"] = {
    says = "downloads a library, and loads it",
    alone = "several",
    installed = "strong",
    expected = { "driver", "drivers", "bindings", "installer" },
  },
  ["sourceless"] = {
    says = "runs compiled code that comes without its source",
    alone = "several",
    installed = "strong",
    expected = { "loader", "import", "compiler", "packaging", "decompiler" },
  },
  ["pip-run"] = {
    says = "has pip install something",
    alone = "weak",
    installed = "several",
    loaded = "several",
  },
  ["command-replaced"] = {
    says = "looks for a command among those of the system, and writes one",
    alone = "several",
    installed = "strong",
    expected = { "installer", "virtualenv", "venv", "version", "shim", "shims" },
  },
  ["home-uploaded"] = {
    says = "uploads files of the user's home",
    alone = "several",
    installed = "strong",
    loaded = "strong",
    expected = { "upload", "uploader", "backup", "sync", "storage", "cloud", "client", "api" },
  },
  ["starts-itself"] = {
    says = "starts another Python with code of its own",
    alone = "weak",
    installed = "several",
    loaded = "several",
  },
  ["build-backend"] = {
    says = "builds the package",
    alone = "weak",
    installed = "weak",
    loaded = "weak",
  },
}
