# What we install stays silent under other scanners: no file of ours looks like what it is about.
. tests/tap.sh
if ! command -v yara >/dev/null || ! command -v clamscan >/dev/null; then
  skip "installed files under clamscan and yara" "needs yara and clamscan"
  done_testing
  exit 0
fi
root=$scratch/root
ok "make install" make -s -C "$here" -o "${PROBITY#"$here"/}" install BUILD="$(dirname "${PROBITY#"$here"/}")" DESTDIR="$root" PREFIX=/usr
ok "there is something to look at" test "$(find "$root" -type f | wc -l)" -ge 60

# clamscan with our own small database (EICAR, and a string of our own) lying elsewhere: the copy that is installed must not be found either.
cp -r "$here/rulesets/clamav" "$scratch/signatures"
status "clamscan finds nothing" 0 clamscan -r -i --no-summary -d "$scratch/signatures" "$root"
is "... and says nothing" "$out" ""
printf '%s%s' 'X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-' 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*' >"$scratch/eicar.com"
status "... where it would find" 1 clamscan -i --no-summary -d "$scratch/signatures" "$scratch/eicar.com"

# The patterns of our own checks are questions: what they hit is looked at by a function, and the most of them hit any program that has a word. So
# it is what the checks say of our files that counts (below), and what the rules of others say.
status "our patterns as files" 0 "$PROBITY" check patterns "$scratch/patterns"
rm -f "$scratch/patterns"/probity.*
ok "... there are some" test "$(ls "$scratch/patterns" | wc -l)" -ge 5
namespaces=()
for f in "$scratch/patterns"/*.yar; do namespaces+=("$(basename "$f" .yar | tr -c 'a-zA-Z0-9\n' '_'):$f"); done
scan_with() { yara -w -r -e -s -d filename= -d filepath= -d extension= -d filetype= -d owner= -d md5= "$@" | cut -c1-200; }
cp "$here/tests/samples/data-care/telemetry-endpoint/report.js" "$scratch/report.js"
ok "... where they would find" test -n "$(scan_with "${namespaces[@]}" "$scratch/report.js")"

# What rules for malware, web shells and secrets commonly look for, one rule each, so that a hit names it.
cat >"$scratch/common.yar" <<'Y'
rule eicar { strings: $a = "EICAR-STANDARD-ANTIVIRUS-TEST-FILE" condition: $a }
rule private_key { strings: $a = /-----BEGIN (RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----/ condition: $a }
rule dev_tcp { strings: $a = "/dev/tcp/" condition: $a }
rule netcat_shell { strings: $a = /nc(at)? [^\n]{0,40}-e \/bin\/(ba)?sh/ condition: $a }
rule powershell_encoded { strings: $a = /powershell[^\n]{0,80}-e(nc|ncodedcommand)?\s+[A-Za-z0-9+\/=]{40}/ nocase condition: $a }
rule powershell_download { strings: $a = /(DownloadString|DownloadFile)\s*\(/ nocase $b = "Invoke-Expression" nocase condition: all of them }
rule eval_decoded { strings: $a = /eval\s*\(\s*(atob|base64_decode|gzinflate|unescape|String\.fromCharCode)\s*\(/ nocase condition: $a }
rule php_shell { strings: $a = /(system|passthru|shell_exec|assert)\s*\(\s*\$_(GET|POST|REQUEST|COOKIE)/ nocase condition: $a }
rule curl_to_shell { strings: $a = /(curl|wget)\s+[^\n|]{1,100}https?:[^\n|]{1,200}\|\s*(sudo\s+)?(ba)?sh\b/ condition: $a }
rule miner { strings: $a = "stratum+tcp://" condition: $a }
rule tools { strings: $a = /mimikatz|meterpreter|cobalt\s?strike|sekurlsa/ nocase condition: $a }
rule onion { strings: $a = /[a-z2-7]{56}\.onion/ condition: $a }
rule aws_key { strings: $a = /\b(AKIA|ASIA)[0-9A-Z]{16}\b/ condition: $a }
rule github_token { strings: $a = /\bgh[pousr]_[A-Za-z0-9]{36}\b/ condition: $a }
rule upx { strings: $a = "UPX!" $b = "This file is packed with the UPX executable packer" condition: any of them }
rule crontab_curl { strings: $a = /\* \* \* \* \*[^\n]{0,40}(curl|wget)/ condition: $a }
rule keylogger { strings: $a = "GetAsyncKeyState" $b = "SetWindowsHookEx" condition: uint16(0) == 0x5a4d and all of them }
rule rejects_unauthorized { strings: $a = /NODE_TLS_REJECT_UNAUTHORIZED['"\]]*\s*=\s*['"]?0/ condition: $a }
rule long_base64 { strings: $a = /[A-Za-z0-9+\/]{400}/ condition: $a }
Y
is "no file of ours has what rules commonly look for" "$(scan_with "$scratch/common.yar" "$root")" ""

# And ourselves.
run "$PROBITY" scan -q -f json --no-cache --database "$scratch/db" "$root/usr/share/probity"
is "our own checks find nothing in our own scripts and rules" "$(get '[[f["check"], paths(f)] for f in r["findings"] if f["severity"] != "info"]')" "[]"
run "$PROBITY" scan -q -f json --no-cache --database "$scratch/db" "$root/usr"
is "nor anything above medium in our programs" "$(get '[[f["check"], paths(f)] for f in r["findings"] if f["severity"] in ("high", "critical")]')" "[]"
is "all of which can be examined" "$(get '[l for l in r["limits"] if "man" not in str(l["path"])]')" "[]"
done_testing
