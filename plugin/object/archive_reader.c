#include "object/archive_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "object/archive_own.h"
#include "object/kinds.h"

enum { TRIES = 4096 };

struct pb_reader {
	struct archive *a;
	struct archive_entry *entry;
	locale_t utf8; /* so that names come out as they went in, whatever LC_ALL says; 0 where the C library has none */
	pb_bytes bytes;
	size_t cut_off; /* bytes behind them that were not given to libarchive */
	const pb_kind *kind;
	const pb_own_format *own; /* NULL: libarchive reads it */
	void *state;
	bool damaged;
	/* of one that reads what another one unpacks */
	pb_reader *outer;
	pb_bytes block; /* of the outer one, not given yet where held */
	bool held;
	uint64_t hole, fed; /* zeros to be given before it; bytes given so far */
};

static const pb_own_format *const own_formats[] = {&pb_asar_format, &pb_squashfs_format};

typedef int (*support_fn)(struct archive *);

/* What libarchive may try on a kind: one format, and the filters that may lie around it. Everything else stays switched off,
 * above all the filters that run other programs. */
static const struct {
	const char *kind;
	support_fn format;
	support_fn filters[6];
} supports[] = {
	{"deb", archive_read_support_format_ar, {NULL}},
	{"ar", archive_read_support_format_ar, {NULL}},
	{"rpm", archive_read_support_format_cpio,
	 {archive_read_support_filter_rpm, archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
	  archive_read_support_filter_xz, archive_read_support_filter_lzma, archive_read_support_filter_zstd}},
	{"tar", archive_read_support_format_tar, {NULL}},
	{"cpio", archive_read_support_format_cpio, {NULL}},
	{"7z", archive_read_support_format_7zip, {NULL}},
	{"cab", archive_read_support_format_cab, {NULL}},
	{"iso", archive_read_support_format_iso9660, {NULL}},
	{"xar", archive_read_support_format_xar, {NULL}},
	{"lha", archive_read_support_format_lha, {NULL}},
	{"warc", archive_read_support_format_warc, {NULL}},
	{"gzip", archive_read_support_format_raw, {archive_read_support_filter_gzip}}, /* packs of rules, too */
	{"bzip2", archive_read_support_format_raw, {archive_read_support_filter_bzip2}}, /* and of products those that are large */
	{"xz", archive_read_support_format_raw, {archive_read_support_filter_xz}},
	{"zstd", archive_read_support_format_raw, {archive_read_support_filter_zstd}},
	{"lzma", archive_read_support_format_raw, {archive_read_support_filter_lzma}},
	{"lz4", archive_read_support_format_raw, {archive_read_support_filter_lz4}},
	{"lzip", archive_read_support_format_raw, {archive_read_support_filter_lzip}},
	{"compress", archive_read_support_format_raw, {archive_read_support_filter_compress}},
};

static int support(struct archive *a, const pb_kind *kind)
{
	if (strcmp(kind->name, "rar") == 0) /* two formats, one name */
		return archive_read_support_format_rar(a) | archive_read_support_format_rar5(a);
	for (size_t i = 0; i < sizeof supports / sizeof supports[0]; i++) {
		int rc;

		if (strcmp(supports[i].kind, kind->name) != 0)
			continue;
		rc = supports[i].format(a);
		for (size_t k = 0; k < 6 && supports[i].filters[k] != NULL && rc >= ARCHIVE_WARN; k++)
			rc = supports[i].filters[k](a);
		if (kind->layer && rc >= ARCHIVE_WARN)
			rc = archive_read_support_format_empty(a); /* a payload of no bytes */
		return rc;
	}
	return archive_read_support_format_zip(a); /* all others are zips by another name */
}

/* libarchive turns names into the charset of the locale; with another one than UTF-8 they would be lost. */
static locale_t enter(const pb_reader *r)
{
	return r->utf8 != (locale_t)0 ? uselocale(r->utf8) : (locale_t)0;
}

static void leave(locale_t before)
{
	if (before != (locale_t)0)
		(void)uselocale(before);
}

/* Of the formats that libarchive does not have. */
static int open_own(pb_reader *r)
{
	for (size_t i = 0; i < sizeof own_formats / sizeof own_formats[0]; i++) {
		if (strcmp(own_formats[i]->kind, r->kind->name) != 0)
			continue;
		int rc = own_formats[i]->open(r->bytes, &r->state);
		if (rc == PB_OK)
			r->own = own_formats[i];
		return rc;
	}
	return PB_OK;
}

int pb_reader_open(pb_bytes bytes, const pb_kind *kind, pb_reader **out)
{
	pb_reader *r = calloc(1, sizeof *r);
	locale_t before;
	int rc;

	*out = NULL;
	if (r == NULL)
		return PB_ENOMEM;
	r->bytes = bytes;
	r->kind = kind;
	rc = open_own(r);
	if (rc != PB_OK || r->own != NULL) {
		if (rc != PB_OK)
			pb_reader_close(r);
		else
			*out = r;
		return rc;
	}
	if (strcmp(kind->name, "zstd") == 0) {
		r->bytes.size = pb_zstd_end(bytes);
		r->cut_off = bytes.size - r->bytes.size;
	}
	r->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	r->a = archive_read_new();
	if (r->a == NULL) {
		pb_reader_close(r);
		return PB_ENOMEM;
	}
	before = enter(r);
	rc = support(r->a, kind);
	if (rc >= ARCHIVE_WARN)
		rc = archive_read_open_memory(r->a, r->bytes.data, r->bytes.size);
	leave(before);
	if (rc < ARCHIVE_WARN) {
		pb_reader_close(r);
		return PB_ECORRUPT;
	}
	*out = r;
	return PB_OK;
}

/* What the outer reader unpacks is the inner one's input; blocks of it live until the next is asked for. */
static la_ssize_t read_outer(struct archive *a, void *user, const void **block)
{
	static const uint8_t zeros[65536];
	pb_reader *r = user;
	pb_bytes bytes;

	if (r->hole == 0 && !r->held) {
		uint64_t at;
		int rc = pb_reader_data(r->outer, &bytes, &at);

		if (rc == PB_READ_END)
			return 0;
		if (rc != PB_READ_MORE || at < r->fed) {
			archive_set_error(a, EIO, "damaged");
			return ARCHIVE_FATAL;
		}
		r->hole = at - r->fed;
		r->block = bytes;
		r->held = true;
	}
	bytes = r->hole > 0 ? (pb_bytes){zeros, r->hole < sizeof zeros ? (size_t)r->hole : sizeof zeros} : r->block;
	if (r->hole > 0)
		r->hole -= bytes.size;
	else
		r->held = false;
	r->fed += bytes.size;
	*block = bytes.data;
	return (la_ssize_t)bytes.size;
}

int pb_reader_open_inside(pb_reader *outer, pb_reader **out)
{
	static const support_fn filters[] = {archive_read_support_filter_gzip, archive_read_support_filter_bzip2, archive_read_support_filter_xz,
	                                     archive_read_support_filter_zstd};
	pb_reader *r = calloc(1, sizeof *r);
	locale_t before;
	int rc = ARCHIVE_FATAL;

	*out = NULL;
	if (r == NULL)
		return PB_ENOMEM;
	r->outer = outer;
	r->kind = pb_kind_named("tar");
	r->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	r->a = archive_read_new();
	before = enter(r);
	if (r->a != NULL)
		rc = archive_read_support_format_tar(r->a);
	for (size_t i = 0; i < sizeof filters / sizeof filters[0] && rc >= ARCHIVE_WARN; i++)
		rc = filters[i](r->a);
	if (rc >= ARCHIVE_WARN)
		rc = archive_read_open(r->a, r, NULL, read_outer, NULL);
	leave(before);
	if (rc < ARCHIVE_WARN) {
		pb_reader_close(r);
		return PB_ECORRUPT;
	}
	*out = r;
	return PB_OK;
}

void pb_reader_close(pb_reader *r)
{
	if (r == NULL)
		return;
	if (r->own != NULL)
		r->own->close(r->state);
	if (r->a != NULL)
		(void)archive_read_free(r->a);
	if (r->utf8 != (locale_t)0)
		freelocale(r->utf8);
	free(r);
}

static pb_entry_type type_of(struct archive_entry *e)
{
	if (archive_entry_hardlink(e) != NULL)
		return PB_ENTRY_HARDLINK;
	switch (archive_entry_filetype(e)) {
	case 0: /* formats without types: ar, raw */
	case AE_IFREG:
		return PB_ENTRY_FILE;
	case AE_IFDIR:
		return PB_ENTRY_DIR;
	case AE_IFLNK:
		return PB_ENTRY_SYMLINK;
	case AE_IFCHR:
	case AE_IFBLK:
		return PB_ENTRY_DEVICE;
	case AE_IFIFO:
		return PB_ENTRY_FIFO;
	default:
		return PB_ENTRY_OTHER;
	}
}

/* libarchive names the method of the current zip member in the name of the format: "ZIP 6.3 (lzma)". */
static bool clamav_lacks(const pb_reader *r)
{
	static const char *const known[] = {"(uncompressed)", "(imploded)", "(deflation)", "(deflation-64-bit)", "(bzip"};
	const char *format = archive_format_name(r->a);

	if (strcmp(r->kind->name, "zip-lzma") != 0 || format == NULL)
		return false;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strstr(format, known[i]) != NULL)
			return false;
	return true;
}

static void fill(const pb_reader *r, pb_entry *out)
{
	struct archive_entry *e = r->entry;

	*out = (pb_entry){.type = type_of(e), .size = -1};
	if (!r->kind->layer) {
		out->name = archive_entry_pathname(e);
		if (out->name == NULL)
			out->name = archive_entry_pathname_utf8(e);
		if (out->name == NULL)
			out->name = ""; /* not to be had in any charset */
	}
	out->link = out->type == PB_ENTRY_HARDLINK ? archive_entry_hardlink(e) : NULL;
	if (out->type == PB_ENTRY_SYMLINK)
		out->link = archive_entry_symlink(e);
	out->mode = (unsigned)archive_entry_perm(e) & 07777;
	out->uid = archive_entry_uid(e);
	out->gid = archive_entry_gid(e);
	if (archive_entry_size_is_set(e) && archive_entry_size(e) >= 0)
		out->size = archive_entry_size(e);
	out->elsewhere = out->size == 0 && archive_entry_nlink(e) > 1; /* as cpio does it */
	out->encrypted = archive_entry_is_encrypted(e);
	out->clamav_lacks = clamav_lacks(r);
}

/* The raw format takes any bytes as they are: without a filter that knew them, a payload would be its own layer, for ever. */
static bool passed_through(const pb_reader *r)
{
	return r->kind->layer && archive_filter_code(r->a, 0) == ARCHIVE_FILTER_NONE;
}

int pb_reader_next(pb_reader *r, pb_entry *entry)
{
	locale_t before;
	int rc;

	if (r->own != NULL)
		return r->own->next(r->state, entry, &r->damaged);
	before = enter(r);
	rc = archive_read_next_header(r->a, &r->entry);

	/* A block of a tar that is no header, for example: what lies behind it may still be found. */
	for (int tries = 0; rc == ARCHIVE_RETRY && tries < TRIES; tries++) {
		r->damaged = true;
		rc = archive_read_next_header(r->a, &r->entry);
	}
	if (rc == ARCHIVE_OK || rc == ARCHIVE_WARN)
		fill(r, entry);
	leave(before);
	if (passed_through(r))
		return PB_READ_BROKEN;
	if (rc == ARCHIVE_EOF)
		return PB_READ_END;
	return rc == ARCHIVE_OK || rc == ARCHIVE_WARN ? PB_READ_MORE : PB_READ_BROKEN;
}

int pb_reader_data(pb_reader *r, pb_bytes *block, uint64_t *at)
{
	const void *data = NULL;
	size_t size = 0;
	la_int64_t offset = 0;
	locale_t before;
	int rc;

	if (r->own != NULL)
		return r->own->data(r->state, block, at);
	before = enter(r);
	rc = archive_read_data_block(r->a, &data, &size, &offset);

	leave(before);
	if (rc == ARCHIVE_EOF)
		return PB_READ_END;
	if (rc == ARCHIVE_FATAL)
		return PB_READ_BROKEN;
	if ((rc != ARCHIVE_OK && rc != ARCHIVE_WARN) || offset < 0)
		return PB_READ_BROKEN_MEMBER;
	*block = (pb_bytes){data, size};
	*at = (uint64_t)offset;
	return PB_READ_MORE;
}

uint64_t pb_reader_rest(const pb_reader *r)
{
	la_int64_t taken = r->own != NULL ? 0 : archive_filter_bytes(r->a, -1);

	return r->cut_off + (taken >= 0 && (uint64_t)taken < r->bytes.size ? r->bytes.size - (uint64_t)taken : 0);
}

bool pb_reader_damaged(const pb_reader *r)
{
	return r->damaged;
}

bool pb_reader_encrypted(const pb_reader *r)
{
	return r->own == NULL && archive_read_has_encrypted_entries(r->a) > 0;
}
