#!/usr/bin/env bash
# Pages that go with code: bindings/README.md is what its sources say, and the test of that can fail; tests/README.md names each test of this folder.
. "$(dirname "$0")/../tap.sh"
ok "the page is what its sources say" "$here/tests/binding_docs.py" --check
mkdir -p "$scratch/tree/tests" && cp -r "$here/bindings" "$scratch/tree/" && cp "$here/tests/binding_docs.py" "$scratch/tree/tests/"
docs=$scratch/tree/tests/binding_docs.py
sed -i 's/as plain tables of Lua/as other tables/' "$scratch/tree/bindings/decode.c"
status "a comment that was changed is noticed" 1 "$docs" --check
like "... and what to do about it" "$err" 'run "make docs"'
ok "it is written again" "$docs"
ok "... and then agrees" "$docs" --check
printf '/** | `new.thing()` | without a page */\n' >"$scratch/tree/bindings/new.c"
status "a file with comments and without a page is noticed" 1 "$docs" --check
like "... by its name" "$err" '^new.c: no page'
printf '/** | broken */\n' >"$scratch/tree/bindings/hash.c"
rm "$scratch/tree/bindings/new.c"
status "a row that is none is noticed" 1 "$docs" --check
like "... with the file" "$err" '^hash.c: a row is'
printf 'int none;\n' >"$scratch/tree/bindings/hash.c"
status "a page without comments is noticed" 1 "$docs" --check
unnamed=$(for t in "$here"/tests/cli/*.sh; do
  name=$(basename "$t" .sh)
  grep -qE "[\`/]$name(\.sh)?\`" "$here/tests/README.md" || echo "$name"
done)
is "tests/README.md names each test of tests/cli" "$unnamed" ""
done_testing
