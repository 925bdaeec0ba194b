# npm's documents, for tests that read them. Sourced after tap.sh.
generators=${PROBITY_TEST_CACHE:-$scratch}/generators
mkdir -p "$generators"

# npm_sbom FOLDER FORMAT: of the project there; by the npm that is there, else by npm 10 from the registry (Debian's 9.2 has no sbom)
npm_sbom() {
  local npm=(npm)
  if ! npm sbom --help >/dev/null 2>&1; then
    [[ -d $generators/npm/package ]] ||
      (cd "$generators" && timeout 300 npm pack --silent npm@10.9.2 && mkdir -p npm && tar -xzf npm-10.9.2.tgz -C npm) >/dev/null 2>&1
    npm=(node "$generators/npm/package/bin/npm-cli.js")
  fi
  (cd "$1" && timeout 120 "${npm[@]}" sbom --sbom-format "$2")
}
