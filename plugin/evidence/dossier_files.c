#include "evidence/dossier_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

int pb_dossier_problem(json_t *problems, const char *document, const char *why)
{
	return json_array_append_new(problems, json_pack("{s:s,s:s}", "document", document, "why", why)) ? PB_ENOMEM : PB_OK;
}

static int grow(pb_dossier_files *f)
{
	size_t room = f->room ? 2 * f->room : 64;
	pb_dossier_item *more;

	if (f->n < f->room)
		return PB_OK;
	more = realloc(f->items, room * sizeof *more);
	if (more == NULL)
		return PB_ENOMEM;
	f->items = more;
	f->room = room;
	return PB_OK;
}

int pb_dossier_add(pb_dossier_files *f, const char *name, pb_bytes bytes, uint8_t *own, const char *refused, bool waivers)
{
	pb_dossier_item item = {.file = {.bytes = bytes}, .own = own, .waivers = waivers};

	item.name = strdup(name);
	item.refused = refused != NULL ? strdup(refused) : NULL;
	if (grow(f) != PB_OK || item.name == NULL || (refused != NULL && item.refused == NULL) ||
	    (refused == NULL && !pb_sha256_of(bytes, item.file.sha256))) {
		free(item.name);
		free(item.refused);
		free(own);
		return PB_ENOMEM;
	}
	item.file.name = item.name;
	f->items[f->n++] = item;
	return PB_OK;
}

static int compare(const void *a, const void *b)
{
	const pb_dossier_item *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	if (c == 0)
		c = strcmp(x->file.sha256, y->file.sha256);
	return c != 0 ? c : (int)x->waivers - (int)y->waivers;
}

/* The same document by two ways is there once. */
static void sort(pb_dossier_files *f)
{
	size_t kept = 0;

	if (f->n == 0)
		return;
	qsort(f->items, f->n, sizeof *f->items, compare);
	for (size_t i = 0; i < f->n; i++) {
		if (kept > 0 && compare(&f->items[kept - 1], &f->items[i]) == 0) {
			free(f->items[i].name);
			free(f->items[i].own);
			free(f->items[i].refused);
			continue;
		}
		f->items[kept++] = f->items[i];
	}
	f->n = kept;
}

static int one_file(pb_dossier_files *f, const json_t *row, pb_bytes bytes, json_t *problems, pb_error *err)
{
	const char *name = pb_json_str(row, "name", "?"), *why = pb_json_str(row, "why", NULL);
	bool waivers = strcmp(pb_json_str(row, "list", ""), "waivers") == 0;
	int rc = 0;

	if (f->n >= PB_DOSSIER_FILES)
		return pb_dossier_problem(problems, name, why != NULL ? why : "more than 2000 documents: left out");
	if (why == NULL && json_is_true(json_object_get(row, "alone")))
		rc = pb_dossier_unpack(f, name, bytes, waivers, problems, err);
	if (rc != 0)
		return rc < 0 ? rc : PB_OK;
	if (why == NULL && bytes.size > PB_DOCUMENT_BYTES)
		why = "larger than 64 MiB";
	return pb_dossier_add(f, name, why != NULL ? (pb_bytes){NULL, 0} : bytes, NULL, why, waivers);
}

int pb_dossier_files_open(const pb_dossier_input *in, pb_dossier_files *out, json_t *problems, pb_error *err)
{
	size_t i, at = 0;
	json_t *row;
	int rc = PB_OK;

	*out = (pb_dossier_files){0};
	json_array_foreach(in->files, i, row) {
		int64_t size = pb_json_int(row, "size", -1);

		if (size < 0 || (uint64_t)size > in->bytes.size - at)
			rc = pb_fail(err, PB_ECORRUPT, "the dossier's files are longer than what was handed over");
		else
			rc = one_file(out, row, pb_slice(in->bytes, at, (size_t)size), problems, err);
		if (rc != PB_OK)
			break;
		at += (size_t)size;
	}
	if (rc != PB_OK) {
		pb_dossier_files_free(out);
		return err != NULL && err->code == 0 ? pb_fail(err, rc, "out of memory") : rc;
	}
	sort(out);
	return PB_OK;
}

void pb_dossier_files_free(pb_dossier_files *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->items[i].name);
		free(f->items[i].own);
		free(f->items[i].refused);
	}
	free(f->items);
	*f = (pb_dossier_files){0};
}
