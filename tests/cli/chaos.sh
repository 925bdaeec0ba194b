# probityd and a real clamd under three clients, while everything that can break does. CHAOS_MOMENTS=200, CHAOS_SEED=1. See tests/chaos_clamd.py.
# In a mount namespace of its own, where that is possible: the store lies on a small disk that is filled up.
if [[ $(id -u) == 0 && -z ${CHAOS_INSIDE:-} ]] && unshare -m true 2>/dev/null; then
  CHAOS_INSIDE=1 exec unshare -m bash "$0" "$@"
fi
. tests/tap.sh
moments=${CHAOS_MOMENTS:-200}
[[ -n ${PROBITY_ASAN:-} ]] && moments=${CHAOS_MOMENTS:-40}
bin=$(dirname "$(realpath "$PROBITY")")
if ! [[ -x $(command -v clamd) ]]; then
  skip "chaos" "clamd is not installed"
  done_testing
  exit 0
fi
mkdir "$scratch/signatures" "$scratch/bin" "$scratch/data"
cp rulesets/clamav/*.ndb "$scratch/signatures/"
# Where the tree is private, other users need their own copy of what they run and read.
cp -r scripts rulesets "$scratch/data/"
cp "$bin/probity" "$bin/probityd" "$bin/probity.so" "$scratch/bin/"
export PYTHONDONTWRITEBYTECODE=1 PROBITY_DATA=$scratch/data ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 # of clamd
preload=$scratch/bin/probity.so
for runtime in libubsan libasan; do # they have to come first
  so=$(readelf -d "$scratch/bin/probity.so" | grep -oE "$runtime\.so\.[0-9]+") && preload="$so $preload"
done
chmod 755 "$scratch"
chmod -R a+rX "$scratch/signatures" "$scratch/bin" "$scratch/data"
CHAOS_PRELOAD=$preload /usr/bin/python3 "$here/tests/chaos_clamd.py" "$scratch/bin" "$scratch" "$moments" "${CHAOS_SEED:-1}" >"$scratch/told" 2>&1
status=$?
relay <"$scratch/told"
is "it comes to its end" "$status" 0
[[ -z ${CHAOS_KEEP:-} ]] || cp -r "$scratch" "$CHAOS_KEEP"
done_testing
