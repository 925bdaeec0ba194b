# `probity scan` while its processes are killed at random, and interrupted. CHAOS_RUNS=20, CHAOS_SEED=1. See tests/chaos_cli.py.
. tests/tap.sh
runs=${CHAOS_RUNS:-20}
[[ -n ${PROBITY_ASAN:-} ]] && runs=${CHAOS_RUNS:-8}
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/tests/chaos_cli.py" "$(dirname "$(realpath "$PROBITY")")" "$scratch" "$runs" "${CHAOS_SEED:-1}" >"$scratch/told" 2>&1
status=$?
relay <"$scratch/told"
is "it comes to its end" "$status" 0
done_testing
