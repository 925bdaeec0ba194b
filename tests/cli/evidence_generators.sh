# Documents of evidence as real tools make them: SBOMs by npm and by CycloneDX's own generator, Debian's indexes, a .dsc, and .buildinfo and
# .changes of a build. What the readers see in them is held against what lies on disk. Without a network those that need it are skipped.
. tests/tap.sh
. tests/npm.sh
reader=$(dirname "$PROBITY")/document
mkdir -p "$scratch/project"
# read_all FILE...: records in $out, one a line
read_all() { run "$reader" "$@"; }
see() { /usr/bin/python3 -c '
import json, sys
d = json.loads(sys.stdin.readline())
c = d["content"]
v = eval(sys.argv[1])
print(v if isinstance(v, str) else json.dumps(v, sort_keys=True))' "$1" <<<"$out" 2>&1; }

# --- npm: a small project with two versions of one package, a scoped one, one nested
cat >"$scratch/project/package.json" <<'E'
{"name":"small","version":"1.0.0","dependencies":{"ms":"2.1.3","@scarf/scarf":"1.4.0","debug":"4.3.4"}}
E
installed() { # "name version" of each package below node_modules
  (cd "$scratch/project" && find node_modules -name package.json -path '*node_modules/*' -not -path '*/*/dist/*' -print0 |
    xargs -0 /usr/bin/python3 -c '
import json, sys
rows = set()
for f in sys.argv[1:]:
    p = json.load(open(f))
    if "version" in p: rows.add(p["name"] + " " + p["version"])
print(json.dumps(sorted(rows)))')
}
components='sorted({k["name"] + " " + k["version"] for k in c["components"]})'
paths='sorted(k["path"] for k in c["components"])'
if (cd "$scratch/project" && timeout 200 npm install --ignore-scripts --no-audit --no-fund) >"$scratch/npm.log" 2>&1; then
  for format in cyclonedx spdx; do
    npm_sbom "$scratch/project" "$format" >"$scratch/$format.json" 2>"$scratch/npm.log" || { skip "npm sbom, $format" "$(head -n 1 "$scratch/npm.log")"; continue; }
    read_all "$scratch/$format.json"
    like "npm sbom, $format: read" "$(see '[d["kind"], d["state"], d["why"], d["format"]]')" '"sbom", "read", "", "(cyclonedx-json|spdx-json) [0-9.]+"'
    is "npm sbom, $format: what is installed is listed, and nothing else" "$(see "$components")" "$(installed)"
    is "npm sbom, $format: each with a SHA-512" "$(see 'all(len(k["sha512"]) == 128 for k in c["components"])')" true
    is "npm sbom, $format: what it describes" "$(see '[c["root"]["purl"], c["root"]["version"], d["subjects"][0]["purl"]]')" '["pkg:npm/small@1.0.0", "1.0.0", "pkg:npm/small@1.0.0"]'
    like "npm sbom, $format: by npm" "$(see 'c["tool"]')" 'cli'
  done
  if (cd "$scratch/project" && timeout 300 npx --yes --ignore-scripts --package @cyclonedx/cyclonedx-npm@4.2.1 cyclonedx-npm --spec-version 1.6 \
    -o "$scratch/other.json") >"$scratch/npm.log" 2>&1 && [[ -s $scratch/other.json ]]; then
    read_all "$scratch/other.json"
    is "cyclonedx-npm: read" "$(see '[d["kind"], d["state"], d["why"], d["format"]]')" '["sbom", "read", "", "cyclonedx-json 1.6"]'
    is "cyclonedx-npm: what is installed is listed" "$(see "$components")" "$(installed)"
    is "cyclonedx-npm: where it lies" "$(see "$paths")" \
      '["node_modules/@scarf/scarf", "node_modules/debug", "node_modules/debug/node_modules/ms", "node_modules/ms"]'
  else
    skip "cyclonedx-npm" "does not run here: $(tail -n 1 "$scratch/npm.log")"
  fi
else
  skip "npm's documents" "no registry: $(tail -n 1 "$scratch/npm.log")"
fi

# --- Debian: indexes and a .dsc of the archive, through apt with lists of its own
apt=(-o "Dir::Etc::sourcelist=$scratch/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$scratch/lists" -o "Dir::Cache=$scratch/apt"
  -o APT::Sandbox::User=root -o Acquire::Languages=none -o APT::Update::Error-Mode=any)
mkdir -p "$scratch/lists/partial" "$scratch/apt/archives/partial"
cat >"$scratch/sources.list" <<'E'
deb http://deb.debian.org/debian-security bookworm-security main
deb-src http://deb.debian.org/debian bookworm main
E
if timeout 300 apt-get -q "${apt[@]}" update >"$scratch/apt.log" 2>&1; then
  release=$(ls "$scratch"/lists/*security_InRelease)
  index=$(ls "$scratch"/lists/*security*_Packages*)
  /usr/lib/apt/apt-helper cat-file "$index" >"$scratch/Packages"
  read_all "$release"
  is "InRelease: read" "$(see '[d["kind"], d["state"], d["why"], d["by"], c["codename"]]')" '["release", "read", "", "Debian", "bookworm-security"]'
  is "InRelease: names Packages by its SHA-256" \
    "$(see '[f["sha256"] for f in c["files"] if f["name"] == "main/binary-amd64/Packages"]')" "[\"$(sha256sum <"$scratch/Packages" | cut -d' ' -f1)\"]"
  read_all "$scratch/Packages"
  is "Packages: every package" "$(see '[d["kind"], d["state"], d["why"], len(c["packages"]), len(d["subjects"]), c["left_out"]]')" \
    "[\"packages\", \"read\", \"\", $(grep -c '^Package: ' "$scratch/Packages"), $(grep -c '^Package: ' "$scratch/Packages"), 0]"
  is "Packages: each with a SHA-256 and a size" "$(see 'all(len(k["sha256"]) == 64 and k["size"] > 0 for k in c["packages"])')" true
  if (cd "$scratch" && timeout 100 apt-get -q "${apt[@]}" source --dsc-only hello) >"$scratch/apt.log" 2>&1; then
    read_all "$scratch"/hello_*.dsc
    like "a .dsc: read" "$(see '[d["kind"], d["state"], d["why"], c["source"], c["version"]]')" '"dsc", "read", "", "hello", "[0-9]'
    is "a .dsc: its files" "$(see '[len(k["sha256"]) for k in c["files"]] and all(k["size"] > 0 and len(k["sha256"]) == 64 for k in c["files"])')" true
  else
    skip "a .dsc" "$(tail -n 1 "$scratch/apt.log")"
  fi
else
  skip "Debian's indexes" "no archive: $(tail -n 1 "$scratch/apt.log")"
fi

# --- .buildinfo and .changes of a build by dpkg
if command -v dpkg-buildpackage >/dev/null; then
  mkdir -p "$scratch/tiny-1.0/debian/source"
  cd "$scratch/tiny-1.0" || exit 2
  printf 'Source: tiny\nSection: misc\nPriority: optional\nMaintainer: M <m@example.com>\nStandards-Version: 4.6.2\n\nPackage: tiny\nArchitecture: all\nDescription: one\n more\n' >debian/control
  printf 'tiny (1.0) unstable; urgency=medium\n\n  * First.\n\n -- M <m@example.com>  Fri, 06 Feb 2026 09:00:00 +0000\n' >debian/changelog
  echo '3.0 (native)' >debian/source/format
  cat >debian/rules <<'E'
#!/usr/bin/make -f
clean build build-indep build-arch binary-arch:
	true
binary binary-indep:
	mkdir -p debian/tiny/DEBIAN
	dpkg-gencontrol -Pdebian/tiny
	dpkg-deb --root-owner-group --build debian/tiny ..
E
  chmod +x debian/rules
  timeout 100 dpkg-buildpackage -us -uc -b -d >"$scratch/build.log" 2>&1 || cat "$scratch/build.log"
  cd "$here" || exit 2
  deb=$scratch/tiny_1.0_all.deb
  read_all "$scratch"/tiny_1.0_*.buildinfo
  is "a .buildinfo: read" "$(see '[d["kind"], d["state"], d["why"], c["source"], c["version"], c["result"]]')" '["rebuild", "read", "", "tiny", "1.0", "built"]'
  is "a .buildinfo: what came out" "$(see '[[s["name"], s["sha256"]] for s in d["subjects"]]')" \
    "[[\"tiny_1.0_all.deb\", \"$(sha256sum <"$deb" | cut -d' ' -f1)\"]]"
  read_all "$scratch"/tiny_1.0_*.changes
  is "a .changes: read" "$(see '[d["kind"], d["state"], d["why"], c["distribution"], d["issued"]]')" '["changes", "read", "", "unstable", "2026-02-06"]'
  is "a .changes: its files" "$(see '[[k["name"], k["size"], k["sha1"]] for k in c["files"] if k["name"].endswith(".deb")]')" \
    "[[\"tiny_1.0_all.deb\", $(stat -c %s "$deb"), \"$(sha1sum <"$deb" | cut -d' ' -f1)\"]]"
else
  skip ".buildinfo and .changes" "no dpkg-dev"
fi
done_testing
