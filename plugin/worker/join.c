#include "worker/join.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "object/payload.h"
#include "worker/context.h"

int pb_path_order(const json_t *a, const json_t *b)
{
	size_t na = json_array_size(a), nb = json_array_size(b);
	for (size_t i = 0; i < na && i < nb; i++) {
		int c = strcmp(json_string_value(json_array_get(a, i)), json_string_value(json_array_get(b, i)));
		if (c)
			return c;
	}
	return (na > nb) - (na < nb);
}

static int compare_rows(const void *x, const void *y)
{
	const pb_row *a = x, *b = y;
	int c = pb_path_order(a->path, b->path);
	if (!c)
		c = strcmp(pb_json_str(a->record, "sha256", ""), pb_json_str(b->record, "sha256", ""));
	if (!c)
		c = strcmp(a->kind->name, b->kind->name);
	return c;
}

static int compare_limits(const void *x, const void *y)
{
	const json_t *a = *(json_t *const *)x, *b = *(json_t *const *)y;
	int c = pb_path_order(json_object_get(a, "path"), json_object_get(b, "path"));
	return c ? c : strcmp(pb_json_str(a, "why", ""), pb_json_str(b, "why", ""));
}

/* -1, 0, 1: the row's path against the first depth elements of path. 0: it lies at or below it. */
static int compare_prefix(const pb_row *row, const json_t *path, size_t depth)
{
	for (size_t i = 0; i < depth; i++) {
		if (i >= row->depth)
			return -1;
		int c = strcmp(json_string_value(json_array_get(row->path, i)), json_string_value(json_array_get(path, i)));
		if (c)
			return c;
	}
	return 0;
}

void pb_join_below(const pb_join *j, const json_t *path, size_t depth, size_t *from, size_t *to)
{
	size_t lo = 0, hi = j->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (compare_prefix(&j->rows[mid], path, depth) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	*from = lo;
	hi = j->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (compare_prefix(&j->rows[mid], path, depth) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	*to = lo;
}

size_t pb_join_find(const pb_join *j, const json_t *path, size_t depth, const char *name)
{
	size_t lo = 0, hi = j->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const pb_row *row = &j->rows[mid];
		int c = compare_prefix(row, path, depth);
		if (c == 0)
			c = row->depth <= depth ? -1 : strcmp(json_string_value(json_array_get(row->path, depth)), name);
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == j->n || j->rows[lo].depth != depth + 1 || compare_prefix(&j->rows[lo], path, depth) != 0 ||
	    strcmp(pb_path_last(j->rows[lo].path), name) != 0)
		return j->n;
	return lo;
}

const json_t *pb_join_base(const pb_join *j, size_t row)
{
	while (j->rows[row].layer != SIZE_MAX)
		row = j->rows[row].layer;
	return j->rows[row].path;
}

static int add_limit(json_t *limits, const json_t *path, const char *member, const char *why)
{
	json_t *p = json_copy((json_t *)path);
	int bad = !p || (member && json_array_append_new(p, json_string(member)));
	json_t *entry = bad ? NULL : json_pack("{s:O,s:s}", "path", p, "why", why);
	json_decref(p);
	return json_array_append_new(limits, entry) ? PB_ENOMEM : 0;
}

/* A path, and perhaps one more element, as one string. */
static char *joined(const json_t *path, const char *member)
{
	pb_buf b = {0};
	size_t i;
	json_t *part;
	int rc = 0;
	json_array_foreach(path, i, part)
		rc = rc ? rc : pb_buf_printf(&b, "%s\n", json_string_value(part)); /* display form holds no newline */
	if (member)
		rc = rc ? rc : pb_buf_printf(&b, "%s\n", member);
	if (rc)
		pb_buf_free(&b);
	return (char *)b.data;
}

/* Was it said already why this member is not there? told: the paths of all limits, joined. */
static int is_told(const json_t *told, const json_t *base, const char *name)
{
	char *key = json_object_size(told) ? joined(base, name) : NULL;
	int is = key && json_object_get(told, key);
	free(key);
	return is;
}

/* Holds what a container lists against what came out of it. Names may be spelled in another encoding, so the counts are compared
 * first, and only a deficit is put down to the members that are missing by name. */
static int reconcile(pb_join *j, size_t row, const json_t *told, json_t *limits)
{
	const json_t *members = json_object_get(j->rows[row].facts, "members"), *base = pb_join_base(j, row);
	size_t depth = json_array_size(base), from, to, i, expected = 0, came = 0;
	int rc = 0;
	json_t *e;
	pb_join_below(j, base, depth, &from, &to);
	for (size_t k = from; k < to; k++)
		came += j->rows[k].depth == depth + 1 && j->rows[k].layer == SIZE_MAX;
	json_array_foreach(json_object_get(members, "entries"), i, e)
		if (strcmp(pb_json_str(e, "type", ""), "file") == 0) {
			expected += pb_json_int(e, "size", 0) > 5;
			if (json_is_true(json_object_get(e, "encrypted")) && pb_json_int(e, "size", 1) != 0)
				rc = rc ? rc : add_limit(limits, base, pb_json_str(e, "path", ""), "encrypted");
		}
	if (json_is_false(json_object_get(members, "complete")))
		rc = rc ? rc : add_limit(limits, base, NULL, pb_json_str(members, "why", "the listing breaks off"));
	/* A program that carries a zip is still a program: its own bytes count. */
	j->rows[row].opened = came >= expected && rc == 0 && j->rows[row].kind->class == PB_CLASS_ARCHIVE;
	size_t deficit = came < expected ? expected - came : 0;
	json_array_foreach(json_object_get(members, "entries"), i, e) {
		if (deficit == 0 || rc)
			break;
		if (strcmp(pb_json_str(e, "type", ""), "file") != 0 || pb_json_int(e, "size", 0) <= 5)
			continue;
		const char *name = pb_json_str(e, "path", "");
		if (pb_join_find(j, base, depth, name) < j->n)
			continue;
		deficit--;
		if (!json_is_true(json_object_get(e, "encrypted")) && !is_told(told, base, name))
			rc = add_limit(limits, base, name, "listed by its archive, but never delivered");
	}
	return rc;
}

static json_t *told_of(const json_t *limits)
{
	json_t *told = json_object(), *e;
	size_t i;
	json_array_foreach(limits, i, e) {
		char *key = joined(json_object_get(e, "path"), NULL);
		if (!key || json_object_set_new(told, key, json_true())) {
			json_decref(told);
			told = NULL;
		}
		free(key);
	}
	return told;
}

static int open_containers(pb_join *j, const json_t *told, json_t *limits)
{
	int rc = told ? 0 : PB_ENOMEM;
	for (size_t i = 0; i < j->n; i++)
		j->rows[i].layer = SIZE_MAX;
	for (size_t i = 0; i < j->n; i++) {
		if (!j->rows[i].kind->layer || j->rows[i].depth == 0)
			continue;
		char *payload = pb_payload_name(pb_path_last(j->rows[i].path));
		if (!payload)
			return PB_ENOMEM;
		size_t at = pb_join_find(j, j->rows[i].path, j->rows[i].depth, payload);
		free(payload);
		if (at < j->n) {
			j->rows[at].layer = i;
			j->rows[i].opened = true;
		}
	}
	for (size_t i = 0; i < j->n && !rc; i++) {
		pb_row *r = &j->rows[i];
		size_t from, to;
		if (json_object_get(r->facts, "members")) {
			rc = reconcile(j, i, told, limits);
			continue;
		}
		pb_join_below(j, r->path, r->depth, &from, &to);
		/* Mail, PDF and the like may hold objects too, but their own bytes are what they say. */
		if (r->kind->class != PB_CLASS_ARCHIVE || r->opened)
			continue;
		if (to - from > 1)
			r->opened = true;
		else if (r->kind->opener == PB_OPENS_NONE)
			rc = add_limit(limits, r->path, NULL, "not opened: nothing here reads this format");
		else
			rc = add_limit(limits, r->path, NULL, "not opened: nothing came out of it");
	}
	return rc;
}

/* zip stores a link as a small file, and ClamAV hands its target over as if it were content: the archive's listing knows better. */
static int drop_links(pb_join *j)
{
	json_t *links = json_object(), *e;
	size_t kept = 0, k;
	int rc = links ? 0 : PB_ENOMEM;
	for (size_t i = 0; i < j->n && !rc; i++) {
		const json_t *members = json_object_get(j->rows[i].facts, "members");
		if (strcmp(j->rows[i].kind->name, "folder") == 0)
			continue; /* its links were never opened */
		json_array_foreach(json_object_get(members, "entries"), k, e)
			if (!rc && strcmp(pb_json_str(e, "type", ""), "symlink") == 0) {
				char *key = joined(j->rows[i].path, pb_json_str(e, "path", ""));
				rc = key && json_object_set_new(links, key, json_true()) == 0 ? 0 : PB_ENOMEM;
				free(key);
			}
	}
	for (size_t i = 0; i < j->n && !rc; i++) {
		char *key = json_object_size(links) ? joined(j->rows[i].path, NULL) : NULL;
		if (!key || !json_object_get(links, key))
			j->rows[kept++] = j->rows[i];
		free(key);
	}
	json_decref(links);
	if (!rc)
		j->n = kept;
	return rc;
}

/* A result travels once for all copies of an object: this gives each copy its own reference. */
static int spread_results(json_t *records, pb_error *err)
{
	json_t *known = json_object(), *r;
	size_t i;
	int rc = known ? 0 : PB_ENOMEM;
	for (int pass = 0; pass < 2 && !rc; pass++)
		json_array_foreach(records, i, r) {
			char key[160];
			snprintf(key, sizeof key, "%s %s %s", pb_json_str(r, "sha256", ""), pb_json_str(r, "kind", ""),
			         pb_json_str(r, "name_class", ""));
			json_t *result = json_object_get(r, "result");
			if (pass == 0 && result)
				rc = json_object_set(known, key, result) ? PB_ENOMEM : 0;
			else if (pass == 1 && !result && !json_object_get(known, key))
				rc = pb_fail(err, PB_ECORRUPT, "an object's result never came");
			else if (pass == 1 && !result)
				rc = json_object_set(r, "result", json_object_get(known, key)) ? PB_ENOMEM : 0;
			if (rc)
				break;
		}
	json_decref(known);
	return rc;
}

static json_t *sort_limits(json_t *limits)
{
	size_t n = json_array_size(limits);
	json_t *sorted = json_array(), **all = malloc((n + 1) * sizeof *all);
	if (!sorted || !all)
		goto bad;
	for (size_t i = 0; i < n; i++)
		all[i] = json_array_get(limits, i);
	qsort(all, n, sizeof *all, compare_limits);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || compare_limits(&all[i - 1], &all[i]) != 0)
			if (json_array_append(sorted, all[i]))
				goto bad;
	free(all);
	return sorted;
bad:
	free(all);
	json_decref(sorted);
	return NULL;
}

int pb_join_make(const pb_lists *lists, json_t *records, const json_t *limits, pb_join *out, pb_error *err)
{
	json_t *found = json_deep_copy(limits), *r;
	size_t i;
	memset(out, 0, sizeof *out);
	int rc = spread_results(records, err);
	out->rows = calloc(json_array_size(records) + 1, sizeof *out->rows);
	out->records = json_array();
	if (!rc && (!found || !out->rows || !out->records))
		rc = PB_ENOMEM;
	if (rc)
		goto out;
	json_array_foreach(records, i, r) {
		pb_row *row = &out->rows[out->n++];
		row->record = r;
		row->path = json_object_get(r, "path");
		row->depth = json_array_size(row->path);
		row->result = json_object_get(r, "result");
		row->facts = json_object_get(row->result, "facts");
		row->kind = pb_kind_named(pb_json_str(r, "kind", ""));
		if (!row->kind || !row->facts || row->depth == 0) {
			rc = pb_fail(err, PB_ECORRUPT, "an object record is malformed");
			goto out;
		}
	}
	qsort(out->rows, out->n, sizeof *out->rows, compare_rows);
	rc = drop_links(out);
	json_t *told = rc ? NULL : told_of(limits);
	if (!rc)
		rc = open_containers(out, told, found);
	json_decref(told);
	for (i = 0; i < out->n && !rc; i++) {
		out->rows[i].discounted = pb_context_discounts(lists, out->rows[i].path);
		rc = json_array_append(out->records, out->rows[i].record) ? PB_ENOMEM : 0;
	}
	out->limits = sort_limits(found);
	if (!out->limits)
		rc = PB_ENOMEM;
out:
	json_decref(found);
	if (rc) {
		pb_join_free(out);
		if (rc == PB_ENOMEM)
			pb_fail(err, rc, "out of memory while joining results");
	}
	return rc;
}

const pb_row *pb_join_row(const pb_join *j, int64_t record)
{
	size_t n = json_array_size(j->documents), at = (size_t)record;
	if (record < 0 || at >= j->n + n)
		return NULL;
	return at < j->n ? &j->rows[at] : &j->document_rows[at - j->n];
}

bool pb_row_tagged(const pb_row *r, const char *tag)
{
	json_t *t;
	size_t i;
	json_array_foreach(json_object_get(r->facts, "tags"), i, t)
		if (json_string_value(t) && strcmp(json_string_value(t), tag) == 0)
			return true;
	return false;
}

void pb_join_free(pb_join *j)
{
	free(j->rows);
	free(j->document_rows);
	json_decref(j->documents);
	json_decref(j->supplied);
	json_decref(j->records);
	json_decref(j->limits);
	memset(j, 0, sizeof *j);
}
