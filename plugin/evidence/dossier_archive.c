/* A dossier that comes as one file: tar, zip and their kin, unpacked in memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "evidence/dossier_files.h"
#include "object/archive_reader.h"

enum { MEMBERS = 4 * PB_DOSSIER_FILES };

typedef struct unpacking {
	pb_dossier_files *f;
	const char *archive; /* its name */
	bool waivers;
	json_t *problems;
} unpacking;

static const char *below(const char *name)
{
	while (name[0] == '.' && name[1] == '/')
		name += 2;
	return name;
}

/* Its name in display form, or NULL: no memory. A broken archive may hold one without any; a report names each document. */
static char *shown(const pb_entry *e)
{
	const char *name = e->name != NULL ? below(e->name) : "";

	if (*name == '\0')
		name = "(without a name)";
	return pb_text_display(name, strlen(name), PB_DOSSIER_NAME);
}

/* PB_OK, with the member's bytes; PB_ELIMIT: it is too large; PB_ECORRUPT; PB_ENOMEM. */
static int read_member(pb_reader *r, pb_buf *out)
{
	pb_bytes block;
	uint64_t at;
	int step, rc = pb_buf_add(out, "", 0);

	while (rc == PB_OK && (step = pb_reader_data(r, &block, &at)) != PB_READ_END) {
		if (step != PB_READ_MORE || at != out->size)
			return PB_ECORRUPT;
		rc = pb_buf_add(out, block.data, block.size);
	}
	return rc;
}

static int one_member(unpacking *u, pb_reader *r, const pb_entry *e)
{
	static const uint8_t nothing;
	uint64_t left = u->f->bytes < PB_DOSSIER_BYTES ? PB_DOSSIER_BYTES - u->f->bytes : 0;
	pb_buf content = {.max = left < PB_DOCUMENT_BYTES ? (size_t)left + 1 : PB_DOCUMENT_BYTES};
	const char *why = NULL;
	char *name = shown(e);
	int rc = name == NULL ? PB_ENOMEM : PB_OK;

	if (rc == PB_OK && e->type != PB_ENTRY_FILE)
		why = e->type == PB_ENTRY_SYMLINK || e->type == PB_ENTRY_HARDLINK ? "a link: links of a dossier are not followed"
		                                                                  : "neither a file nor a folder";
	else if (rc == PB_OK && e->elsewhere)
		why = "a link: links of a dossier are not followed";
	else if (rc == PB_OK && e->encrypted)
		why = "encrypted";
	else if (rc == PB_OK)
		rc = read_member(r, &content);
	if (rc == PB_ELIMIT)
		why = left < PB_DOCUMENT_BYTES ? "the dossier unpacks to more than 256 MiB" : "larger than 64 MiB";
	else if (rc == PB_ECORRUPT)
		why = "damaged in its archive";
	if (rc == PB_ELIMIT || rc == PB_ECORRUPT)
		rc = PB_OK;
	u->f->bytes += why == NULL ? content.size : 0;
	if (rc == PB_OK && why != NULL) {
		rc = pb_dossier_add(u->f, name, (pb_bytes){NULL, 0}, NULL, why, u->waivers);
	} else if (rc == PB_OK) {
		uint8_t *own = content.data;

		rc = pb_dossier_add(u->f, name, (pb_bytes){own != NULL ? own : &nothing, content.size}, own, NULL, u->waivers);
		content = (pb_buf){0};
	}
	pb_buf_free(&content);
	free(name);
	return rc;
}

static int all_members(unpacking *u, pb_reader *r)
{
	int step = PB_READ_MORE, rc = PB_OK;
	size_t members = 0;
	pb_entry e;

	while (rc == PB_OK && (step = pb_reader_next(r, &e)) == PB_READ_MORE) {
		if (++members > MEMBERS || u->f->n >= PB_DOSSIER_FILES)
			return pb_dossier_problem(u->problems, u->archive, "more than 2000 documents: what follows is left out");
		if (e.type != PB_ENTRY_DIR)
			rc = one_member(u, r, &e);
	}
	if (rc == PB_OK && (step != PB_READ_END || pb_reader_damaged(r)))
		rc = pb_dossier_problem(u->problems, u->archive, "a damaged archive: what follows is left out");
	return rc;
}

/* Of what kind, and a reader of its members. *outer: the layer around them, NULL where there is none. 1, 0 or PB_ENOMEM. */
static int open_archive(pb_bytes bytes, const char *name, pb_reader **outer, pb_reader **inner)
{
	static const char *const plain[] = {"tar", "zip", "7z", "cpio"};
	char class[PB_NAME_CLASS];
	const pb_kind *kind;
	pb_entry e;
	bool is = false;
	int rc;

	pb_name_class(name, NULL, class);
	kind = pb_kind_of(bytes, class);
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		is |= strcmp(kind->name, plain[i]) == 0;
	if (!is && !kind->layer)
		return 0;
	rc = pb_reader_open(bytes, kind, is ? inner : outer);
	if (rc != PB_OK || is)
		return rc == PB_ENOMEM ? rc : rc == PB_OK;
	/* A compressed document (Packages.gz) stays as it is. */
	if (pb_reader_next(*outer, &e) != PB_READ_MORE)
		return 0;
	rc = pb_reader_open_inside(*outer, inner);
	return rc == PB_ENOMEM ? rc : rc == PB_OK;
}

int pb_dossier_unpack(pb_dossier_files *f, const char *name, pb_bytes bytes, bool waivers, json_t *problems, pb_error *err)
{
	unpacking u = {f, name, waivers, problems};
	pb_reader *outer = NULL, *inner = NULL;
	int is = open_archive(bytes, name, &outer, &inner);

	if (is == 1) {
		int rc = all_members(&u, inner);

		is = rc == PB_OK ? 1 : rc;
	}
	pb_reader_close(inner);
	pb_reader_close(outer);
	return is < 0 ? pb_fail(err, is, "out of memory") : is;
}
