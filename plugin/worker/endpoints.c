#include "worker/endpoints.h"

#include <string.h>

#include "facts/located.h"
#include "worker/inventory.h"

static json_t *endpoint(const pb_lists *lists, const char *host)
{
	pb_located p = pb_host_located(lists, host);
	json_t *regions = p.by == PB_LOCATED_NONE ? json_array() : json_pack("[s]", p.country);

	return json_pack("{s:s,s:s,s:o,s:s,s:i,s:b}", "host", host, "domain", p.domain ? p.domain : "", "regions", regions, "by",
	                 pb_located_by_name(p.by), "objects", 0, "connects", 0);
}

static bool connects(const pb_row *r)
{
	const json_t *entry;
	size_t i;

	if (r->kind->class != PB_CLASS_BINARY && r->kind->class != PB_CLASS_SCRIPT)
		return false;
	json_array_foreach (json_object_get(r->facts, "capabilities"), i, entry)
		if (strcmp(pb_json_str(entry, "capability", ""), "net-connect") == 0 && !json_is_true(json_object_get(entry, "comment")))
			return true;
	return false;
}

/* Each object counts once for a host, however often it names it: last: the row that was counted last, by host. */
static int count(const pb_row *r, size_t row, const json_t *index, json_t *last)
{
	const json_t *entry;
	size_t i;
	int failed = 0;

	json_array_foreach (json_object_get(r->facts, "hosts"), i, entry) {
		const char *host = pb_json_str(entry, "host", "");
		json_t *one = json_object_get(index, host);

		if (!one || json_is_true(json_object_get(entry, "comment")) || pb_json_int(last, host, -1) == (int64_t)row)
			continue;
		failed |= json_object_set_new(last, host, json_integer((json_int_t)row));
		failed |= json_object_set_new(one, "objects", json_integer((json_int_t)pb_json_int(one, "objects", 0) + 1));
		if (connects(r))
			failed |= json_object_set_new(one, "connects", json_true());
	}
	return failed;
}

json_t *pb_endpoints_of(const pb_join *j, const pb_lists *lists, const json_t *inventory)
{
	json_t *out = json_array(), *index = json_object(), *last = json_object(), *host;
	bool failed = !out || !index || !last;
	size_t i;

	json_array_foreach (json_object_get(inventory, "hosts"), i, host) {
		json_t *one = endpoint(lists, json_string_value(host));

		failed |= json_array_append_new(out, one) || json_object_set(index, json_string_value(host), one);
	}
	for (i = 0; i < j->n && !failed; i++)
		if (pb_inventory_names_hosts(&j->rows[i]))
			failed |= count(&j->rows[i], i, index, last) != 0;
	json_decref(index);
	json_decref(last);
	if (failed) {
		json_decref(out);
		return NULL;
	}
	return out;
}
