/* checks/tables.c and bindings/json_encode.c: a JSON text to tables and back is canonical: what any reader
 * takes, and the same again. */
#include <stdlib.h>

#include "base/json.h"
#include "tests/fuzz/fuzz_case.h"
#include "tests/unit/tables_case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const pb_sandbox_limits limits = TABLES_LIMITS;
	static pb_sandbox *box;
	static tables_call call = {.kept = LUA_NOREF};
	pb_error err = {0};
	json_t *read;
	char *first;
	size_t n;

	if (box == NULL && pb_box_open(&limits, &pb_bindings_table, NULL, &box, &err) != PB_OK)
		fuzz_give_up(err.text);
	call.text = (pb_bytes){data, size};
	if (pb_box_enter(box, tables_work, &call) != PB_OK)
		return 0;
	n = call.size;
	first = malloc(n + 1);
	if (first == NULL)
		fuzz_give_up("out of memory");
	memcpy(first, call.out, n + 1);
	read = pb_json_parse((pb_bytes){(const uint8_t *)first, n}, n, "text", &err);
	if (read == NULL)
		fuzz_give_up(err.text);
	json_decref(read);
	call.text = (pb_bytes){(const uint8_t *)first, n};
	if (pb_box_enter(box, tables_work, &call) != PB_OK)
		fuzz_give_up(box->why);
	if (call.size != n || memcmp(call.out, first, n) != 0)
		fuzz_give_up("not the same text again");
	free(first);
	return 0;
}
