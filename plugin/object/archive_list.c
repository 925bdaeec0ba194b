/* The members of a container, as a fact. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "object/archive.h"
#include "object/archive_reader.h"
#include "object/archive_times.h"
#include "object/kinds.h"

enum { TINY = 5 }; /* ClamAV never hands over files of so few bytes: their digests stand here */

static const char *const type_names[] = {"file", "dir", "symlink", "hardlink", "device", "fifo", "other"};

/* Takes value. */
static int put(json_t *entry, const char *key, json_t *value)
{
	return json_object_set_new(entry, key, value) == 0 ? PB_OK : PB_ENOMEM;
}

static bool among(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

/* Formats that record an owner (a zip's is invented by libarchive). */
static bool has_owners(const pb_kind *kind)
{
	static const char *const kinds[] = {"tar", "cpio", "rpm", "deb", "ar", "iso", "xar", "squashfs"};

	return among(kind->name, kinds, sizeof kinds / sizeof kinds[0]);
}

/* Formats that record when a file was made. A zip's times have no zone: they are read as if they were UTC's, wherever this runs, and
 * how far they lie apart is the same in each. */
static bool has_times(const pb_kind *kind)
{
	static const char *const kinds[] = {"tar", "cpio", "rpm", "zip", "jar", "wheel", "apk"};

	return among(kind->name, kinds, sizeof kinds / sizeof kinds[0]);
}

/* Formats where passing over a member means unpacking it. */
static bool skips_by_unpacking(const pb_kind *kind)
{
	static const char *const kinds[] = {"rpm", "7z", "cab", "rar", "lha"};

	return among(kind->name, kinds, sizeof kinds / sizeof kinds[0]);
}

static int put_digests(json_t *entry, pb_bytes bytes)
{
	static const char *const names[] = {"md5", "sha256"};
	char hex[PB_HEX_MAX];

	for (size_t i = 0; i < 2; i++) {
		if (!pb_hash_hex(names[i], bytes, hex))
			return PB_ENOMEM;
		if (put(entry, names[i], json_string(hex)) != PB_OK)
			return PB_ENOMEM;
	}
	return PB_OK;
}

/* The digests of a file of at most TINY bytes. One that cannot be read, or that is longer than its header says, gets none. */
static int put_tiny(pb_reader *r, json_t *entry)
{
	uint8_t data[TINY] = {0};
	size_t n = 0;
	pb_bytes block;
	uint64_t at;
	int rc;

	while ((rc = pb_reader_data(r, &block, &at)) == PB_READ_MORE) {
		if (at > TINY || block.size > TINY - at)
			return PB_OK;
		if (block.size > 0)
			memcpy(data + at, block.data, block.size);
		n = (size_t)at + block.size;
	}
	return rc == PB_READ_END ? put_digests(entry, (pb_bytes){data, n}) : PB_OK;
}

static int put_link(json_t *entry, const pb_entry *from)
{
	bool hard = from->type == PB_ENTRY_HARDLINK;
	const char *flag = NULL;

	if (from->link == NULL)
		return PB_OK;
	if (!hard && pb_link_absolute(from->link))
		flag = "absolute_link";
	else if (pb_link_leaves(from->name, from->link, hard))
		flag = "leaves";
	if (flag != NULL && put(entry, flag, json_true()) != PB_OK)
		return PB_ENOMEM;
	return put(entry, "link", pb_json_display(from->link, strlen(from->link), PB_PATH_PART));
}

static int put_name(json_t *entry, const char *raw)
{
	pb_member_name name;
	int rc = pb_member_name_read(raw, strlen(raw), &name);

	if (rc != PB_OK)
		return rc;
	rc = put(entry, "path", json_string(name.name));
	free(name.name);
	if (rc == PB_OK && name.absolute)
		rc = put(entry, "absolute", json_true());
	if (rc == PB_OK && name.traversal)
		rc = put(entry, "traversal", json_true());
	return rc;
}

static int add_entry(pb_reader *r, const pb_kind *kind, const pb_entry *from, json_t *entries)
{
	json_t *entry = json_object();
	int rc;

	if (json_array_append_new(entries, entry) != 0) /* takes entry even where it fails */
		return PB_ENOMEM;
	rc = put_name(entry, from->name);
	if (rc == PB_OK)
		rc = put(entry, "type", json_string(type_names[from->type]));
	if (rc == PB_OK)
		rc = put(entry, "mode", json_integer(from->mode));
	if (rc == PB_OK && has_owners(kind)) {
		rc = put(entry, "uid", json_integer(from->uid));
		if (rc == PB_OK)
			rc = put(entry, "gid", json_integer(from->gid));
	}
	if (rc == PB_OK && from->size >= 0)
		rc = put(entry, "size", json_integer(from->size));
	if (rc == PB_OK)
		rc = put_link(entry, from);
	if (rc == PB_OK && from->encrypted)
		rc = put(entry, "encrypted", json_true());
	if (rc == PB_OK && from->type == PB_ENTRY_FILE && !from->encrypted && !from->elsewhere && from->size >= 0 &&
	    from->size <= TINY)
		rc = put_tiny(r, entry);
	return rc;
}

/* May the next member of this size be passed over? The announced sizes bound what that costs. */
static bool affordable(const pb_kind *kind, uint64_t packed, int64_t size, uint64_t *sum)
{
	const pb_budget *most = &pb_budget_default;

	if (!skips_by_unpacking(kind) || size < 0)
		return true;
	if (__builtin_add_overflow(*sum, (uint64_t)size, sum) || *sum > most->total_bytes)
		return false;
	return *sum <= 16u << 20 || *sum / most->ratio <= packed;
}

/* 0 or PB_ENOMEM. *why: what kept the list from being complete; room for 64 bytes. */
static int list_all(pb_reader *r, pb_bytes bytes, const pb_kind *kind, size_t max, json_t *entries, pb_times *times, char *why)
{
	uint64_t sum = 0;
	pb_entry entry;
	int rc;

	while ((rc = pb_reader_next(r, &entry)) == PB_READ_MORE) {
		if (json_array_size(entries) >= max) {
			(void)snprintf(why, 64, "more than %zu members", max);
			return PB_OK;
		}
		if (!affordable(kind, bytes.size, entry.size, &sum)) {
			(void)snprintf(why, 64, "members announce too many bytes");
			return PB_OK;
		}
		if (entry.type == PB_ENTRY_FILE && has_times(kind) && pb_times_add(times, entry.mtime) != PB_OK)
			return PB_ENOMEM;
		if (add_entry(r, kind, &entry, entries) != PB_OK)
			return PB_ENOMEM;
	}
	if (rc != PB_READ_END || pb_reader_damaged(r))
		(void)snprintf(why, 64, "%s", pb_reader_encrypted(r) ? PB_WHY_ENCRYPTED : "damaged or truncated");
	return PB_OK;
}

json_t *pb_archive_list(pb_bytes bytes, const pb_kind *kind, size_t max, pb_error *err)
{
	json_t *fact = json_object(), *entries = json_array();
	pb_reader *r = NULL;
	pb_times times = {0};
	char why[64] = "";
	int rc;

	rc = fact != NULL && entries != NULL ? pb_reader_open(bytes, kind, &r) : PB_ENOMEM;
	if (rc == PB_OK)
		rc = list_all(r, bytes, kind, max, entries, &times, why);
	if (rc == PB_OK)
		rc = put(fact, "format", json_string(kind->name));
	if (rc == PB_OK)
		rc = put(fact, "complete", json_boolean(why[0] == '\0'));
	if (rc == PB_OK && why[0] != '\0')
		rc = put(fact, "why", json_string(why));
	if (rc == PB_OK && times.n > 0)
		rc = put(fact, "times", pb_times_told(&times));
	if (rc == PB_OK && json_object_set(fact, "entries", entries) != 0)
		rc = PB_ENOMEM;
	pb_times_free(&times);
	pb_reader_close(r);
	json_decref(entries);
	if (rc == PB_OK)
		return fact;
	json_decref(fact);
	(void)pb_fail(err, rc, rc == PB_ENOMEM ? "memory ran out" : "not a readable %s", kind->name);
	return NULL;
}
