#!/usr/bin/env bash
# Countries of addresses: the table in rulesets/geo, what says of it, and the check that asks it. Without a table it is unknown.
. "$(dirname "$0")/../tap.sh"
here=$(cd "$(dirname "$0")/../.." && pwd)
data=$scratch/data
mkdir -p "$data/scripts/data-care"
cp -r "$here/rulesets" "$here/bindings" "$data/"
rm -rf "$data/rulesets/geo"
cp -r "$here/scripts/lib" "$here/scripts/reports" "$data/scripts/"
cp "$here/scripts/data-care/residency.lua" "$data/scripts/data-care/"
mkdir -p "$scratch/product"
cat >"$scratch/product/send.py" <<'PY'
import socket, urllib.request
urllib.request.urlopen("http://45.83.12.9/upload")
urllib.request.urlopen("http://[2a01:4f8::5]/upload")
urllib.request.urlopen("http://9.9.9.9/upload")
PY
scan() {
  run env PROBITY_DATA="$data" "$PROBITY" scan -q -f json --no-cache --as-of "${1:-2026-06-17}" --database "$scratch/db" "$scratch/product"
  got=$(/usr/bin/python3 -c 'import json,sys
r = json.load(sys.stdin)
for f in sorted(r["findings"], key=lambda f: f["says"]): print(f["says"], f["kappa"])
for c in r["checks"]:
    if c["status"] == "unknown": print("unknown:", c.get("reason") or c.get("why"))' <<<"$out")
}
scan
like "no table: unknown" "$got" 'unknown: 3 hosts do not tell where they are, and there is no table of addresses'

# A table of two rows, as the format has it: 45.83.0.0/16 and 2a01:4f8::/32.
mkdir -p "$data/rulesets/geo"
cat >"$scratch/mmdb.py" <<'PY'
import ipaddress, struct, sys
def text(s): return bytes([0x40 | len(s)]) + s.encode()
def number(n, kind):
    raw = n.to_bytes(8, "big").lstrip(b"\0")
    return (bytes([kind << 5 | len(raw)]) if kind < 8 else bytes([len(raw), kind - 7])) + raw
rows = {"::45.83.0.0/112": "DE", "2a01:4f8::/32": "FI"}
data, places = b"", {}
for country in rows.values():
    places[country] = len(data)
    data += bytes([0xe1]) + text("country_code") + text(country)
nodes = [[None, None]]
for net, country in rows.items():
    net = ipaddress.ip_network(net)
    bits, at = int(net.network_address), 0
    for i in range(net.prefixlen):
        bit = bits >> (127 - i) & 1
        if i == net.prefixlen - 1:
            nodes[at][bit] = country
        elif nodes[at][bit] is None:
            nodes.append([None, None])
            nodes[at][bit] = len(nodes) - 1
            at = len(nodes) - 1
        else:
            at = nodes[at][bit]
def record(r): return len(nodes) if r is None else len(nodes) + 16 + places[r] if isinstance(r, str) else r
tree = b"".join(record(r).to_bytes(3, "big") for node in nodes for r in node)
meta = {"node_count": number(len(nodes), 6), "record_size": number(24, 5), "ip_version": number(6, 5), "database_type": text("test"),
        "binary_format_major_version": number(2, 5), "binary_format_minor_version": bytes([0xa0]),
        "build_epoch": number(1781654400, 9), "languages": bytes([0, 4]), "description": bytes([0xe0])}
out = tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + bytes([0xe0 | len(meta)])
for key, value in meta.items(): out += text(key) + value
open(sys.argv[1], "wb").write(out)
PY
/usr/bin/python3 "$scratch/mmdb.py" "$data/rulesets/geo/country.mmdb"
ini() { printf '[geo]\nsource = a test\ndate = %s\nlicence = none\nsha256 = %s\n' "$1" "$2" >"$data/rulesets/geo/geo.ini"; }
digest=$(sha256sum "$data/rulesets/geo/country.mmdb" | cut -d ' ' -f 1)
ini 2026-06-17 "$digest"
scan
like "an IPv4 address" "$got" 'names 45.83.12.9, an address registered in DE \(by the table of 2026-06-17\) 500'
like "an IPv6 address" "$got" 'names \[?2a01:4f8::5\]?, an address registered in FI \(by the table of 2026-06-17\) 500'
is "one that the table does not have is of no country" "$(grep -c '9\.9\.9\.9' <<<"$got")" 0
scan 2026-09-15
like "after 90 days it is worth half" "$got" '45.83.12.9, .* 250'
first=$(/usr/bin/python3 -c 'import json,sys; print(json.load(sys.stdin)["assessment"]["rules_digest"])' <<<"$out")
ini 2026-06-18 "$digest"
scan
second=$(/usr/bin/python3 -c 'import json,sys; print(json.load(sys.stdin)["assessment"]["rules_digest"])' <<<"$out")
ok "the table and its date are part of the rules' digest" test "$first" != "$second"

# --- a table that is not what is said of it
scan_fails() {
  run env PROBITY_DATA="$data" "$PROBITY" scan -q --no-cache --database "$scratch/db" "$scratch/product"
  like "$1" "$err" "$2"
  is "... and nothing is judged" "$rc $out" "2 "
}
ini 2026-06-17 "${digest/[0-9a-f]/x}"
scan_fails "another digest" 'country.mmdb: its SHA-256 is not the one in .*geo.ini: run "make geo"'
ini yesterday "$digest"
scan_fails "no date" 'geo.ini: date is written 2026-06-17'
rm "$data/rulesets/geo/geo.ini"
scan_fails "nothing that says where it is from" 'geo.ini'
head -c 2000 /dev/zero >"$data/rulesets/geo/country.mmdb"
ini 2026-06-17 "$(sha256sum "$data/rulesets/geo/country.mmdb" | cut -d ' ' -f 1)"
scan_fails "no table at all" 'country.mmdb: .*[Mm]ax[Mm]ind'
done_testing
