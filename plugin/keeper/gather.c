#include "keeper/gather.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "findings/record.h"
#include "wire/known.h"

enum { MAX_RECORDS = 4000000, MAX_LIMITS = 1000000, PATH_DEPTH = 64, FLUSH_AT = 1 << 20 };

struct pb_gather {
	char *name;
	pb_results *results;
	int records; /* memfd: one a line; a record's JSON holds no raw newline */
	pb_buf pending;
	size_t n;
	uint64_t bytes;
	json_t *have; /* keys (hex) whose result is among the records */
	json_t *limits, *detections, *previous, *evidence, *regions;
	pb_identity root; /* sha256 "" until its record has come */
	bool unrepeatable;
	pb_buf scratch;
};

pb_gather *pb_gather_new(const char *name, pb_results *results)
{
	pb_gather *a = calloc(1, sizeof *a);
	if (!a)
		return NULL;
	a->results = results;
	a->name = strdup(name);
	a->records = memfd_create("probity-records", MFD_CLOEXEC);
	a->have = json_object();
	a->limits = json_array();
	a->detections = json_array();
	if (!a->name || a->records < 0 || !a->have || !a->limits || !a->detections) {
		pb_gather_free(a);
		return NULL;
	}
	return a;
}

void pb_gather_free(pb_gather *a)
{
	if (!a)
		return;
	free(a->name);
	if (a->records >= 0)
		close(a->records);
	json_decref(a->have);
	json_decref(a->limits);
	json_decref(a->detections);
	pb_buf_free(&a->pending);
	pb_buf_free(&a->scratch);
	free(a);
}

size_t pb_gather_records(const pb_gather *a)
{
	return a->n;
}

uint64_t pb_gather_bytes(const pb_gather *a)
{
	return a->bytes;
}

const char *pb_gather_name(const pb_gather *a)
{
	return a->name;
}

int pb_gather_rename(pb_gather *a, const char *name)
{
	char *copy = strdup(name);
	if (!copy)
		return PB_ENOMEM;
	free(a->name);
	a->name = copy;
	return 0;
}

json_t *pb_gather_limits(pb_gather *a)
{
	return a->limits;
}

const pb_identity *pb_gather_root(const pb_gather *a)
{
	return *a->root.sha256 ? &a->root : NULL;
}

bool pb_gather_detected(const pb_gather *a)
{
	return json_array_size(a->detections) > 0;
}

bool pb_gather_repeatable(const pb_gather *a)
{
	return !a->unrepeatable && !pb_gather_detected(a);
}

static bool is_path(const json_t *path)
{
	size_t i;
	json_t *e;
	json_array_foreach(path, i, e)
		if (!json_is_string(e))
			return false;
	return json_array_size(path) > 0 && json_array_size(path) <= PATH_DEPTH;
}

int pb_gather_limit(pb_gather *a, const json_t *path, const char *why)
{
	a->unrepeatable = true;
	if (json_array_size(a->limits) >= MAX_LIMITS)
		return 0; /* as many as anybody will read: the product is not rated by then */
	json_t *limit = path ? json_pack("{s:O,s:s}", "path", path, "why", why) : json_pack("{s:[s],s:s}", "path", a->name, "why", why);
	return json_array_append_new(a->limits, limit) ? PB_ENOMEM : 0;
}

static int write_out(int fd, const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t w = write(fd, p, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return errno == ENOMEM || errno == ENOSPC ? PB_ENOMEM : PB_EIO;
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

static int flush(pb_gather *a)
{
	int rc = write_out(a->records, a->pending.data, a->pending.size);
	a->pending.size = 0;
	return rc;
}

static int append(pb_gather *a, const void *text, size_t n)
{
	int rc = pb_buf_add(&a->pending, text, n);
	return rc ? rc : a->pending.size >= FLUSH_AT ? flush(a) : 0;
}

static void hex_key(const uint8_t key[16], char out[33])
{
	static const char digits[] = "0123456789abcdef";
	for (int i = 0; i < 16; i++) {
		out[2 * i] = digits[key[i] >> 4];
		out[2 * i + 1] = digits[key[i] & 15];
	}
	out[32] = '\0';
}

/* What the record says of the product as a whole. */
static void note(pb_gather *a, const json_t *record)
{
	if (json_object_size(json_object_get(json_object_get(record, "result"), "unknown")) > 0)
		a->unrepeatable = true;
	if (*a->root.sha256 || json_array_size(json_object_get(record, "path")) != 1)
		return;
	snprintf(a->root.sha256, sizeof a->root.sha256, "%s", pb_json_str(record, "sha256", ""));
	snprintf(a->root.kind, sizeof a->root.kind, "%s", pb_json_str(record, "kind", ""));
	a->root.size = (uint64_t)pb_json_int(record, "size", 0);
}

/* The worker left the result out because it was sent or kept before; the reducer needs it once in a product. *have: it is there. */
static int complete(pb_gather *a, const json_t *record, pb_bytes text, const uint8_t key[16], bool *have)
{
	*have = pb_results_get(a->results, key, &a->scratch) == 1;
	if (!*have)
		return pb_gather_limit(a, json_object_get(record, "path"), "its result is lost: the cache of results was damaged");
	int rc = append(a, text.data, text.size - 1); /* up to the closing brace */
	rc = rc ? rc : append(a, ",\"result\":", 10);
	rc = rc ? rc : append(a, a->scratch.data, a->scratch.size);
	return rc ? rc : append(a, "}\n", 2);
}

static int take_record(pb_gather *a, pb_bytes text)
{
	json_t *record = pb_json_parse(text, PB_WIRE_MAX, "an object record", NULL);
	uint8_t key[16];
	char hex[33];
	int rc;
	if (!record || pb_record_valid(record, NULL) || text.size < 2 || text.data[text.size - 1] != '}' || memchr(text.data, '\n', text.size)) {
		json_decref(record);
		return pb_gather_limit(a, NULL, "a worker sent a malformed record");
	}
	if (++a->n > MAX_RECORDS) {
		json_decref(record);
		return PB_ELIMIT;
	}
	a->bytes += (uint64_t)pb_json_int(record, "size", 0);
	note(a, record);
	const json_t *result = json_object_get(record, "result");
	pb_known_key(pb_json_str(record, "sha256", ""), pb_json_str(record, "kind", ""), pb_json_str(record, "name_class", ""), key);
	hex_key(key, hex);
	bool had = json_object_get(a->have, hex) != NULL, have = true;
	if (result || had) {
		if (result)
			pb_results_put(a->results, key, result);
		rc = append(a, text.data, text.size);
		rc = rc ? rc : append(a, "\n", 1);
	} else {
		rc = complete(a, record, text, key, &have);
	}
	if (!rc && have && !had && json_object_set_new(a->have, hex, json_true()))
		rc = PB_ENOMEM;
	json_decref(record);
	return rc;
}

/* A limit or a detection; where it is malformed that is said, never passed over. */
static int keep(pb_gather *a, json_t *list, pb_bytes payload, const char *words)
{
	json_t *j = pb_json_parse(payload, 1 << 20, "a message", NULL);
	a->unrepeatable = true;
	if (j && is_path(json_object_get(j, "path")) && json_is_string(json_object_get(j, words)) && json_array_size(list) < MAX_LIMITS)
		return json_array_append_new(list, j) ? PB_ENOMEM : 0;
	json_decref(j);
	return pb_gather_limit(a, NULL, "a malformed message was received");
}

int pb_gather_take(pb_gather *a, pb_message type, pb_bytes payload)
{
	switch (type) {
	case PB_MSG_RECORD:
		return take_record(a, payload);
	case PB_MSG_LIMIT:
		return keep(a, a->limits, payload, "why");
	case PB_MSG_DETECTION:
		return keep(a, a->detections, payload, "signature");
	default:
		return 0;
	}
}

/* Both are kept, compared and shown: nothing but what they can be. */
static bool is_digest(const char *s)
{
	size_t n = strlen(s);
	return n == 0 || (n == 64 && strspn(s, "0123456789abcdef") == n);
}

static bool is_kind(const char *s)
{
	size_t n = strlen(s);
	return n > 0 && n < sizeof((pb_identity *)0)->kind && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-_.+") == n;
}

int pb_gather_item(pb_bytes payload, pb_identity *out)
{
	json_t *j = pb_json_parse(payload, 1 << 16, "a message", NULL);
	const char *sha256 = pb_json_str(j, "sha256", ""), *kind = pb_json_str(j, "kind", "data");
	int rc = json_is_object(j) && is_digest(sha256) && is_kind(kind) ? 0 : PB_ECORRUPT;
	if (!rc) {
		memcpy(out->sha256, sha256, strlen(sha256) + 1);
		memcpy(out->kind, kind, strlen(kind) + 1);
		int64_t size = pb_json_int(j, "size", 0);
		out->size = size > 0 ? (uint64_t)size : 0;
	}
	json_decref(j);
	return rc;
}

void pb_gather_previous(pb_gather *a, json_t *inventory)
{
	a->previous = inventory;
}

void pb_gather_evidence(pb_gather *a, json_t *evidence)
{
	a->evidence = evidence;
}

void pb_gather_regions(pb_gather *a, json_t *regions)
{
	a->regions = regions;
}

int pb_gather_input(pb_gather *a, const pb_identity *id, int64_t as_of, const json_t *database, const json_t *members, pb_error *err)
{
	json_t *head = json_pack("{s:s,s:s,s:s,s:I,s:I,s:O,s:O,s:O,s:O?,s:O?,s:O?,s:O?}", "name", a->name, "kind", id->kind, "sha256", id->sha256, "size",
	                         (json_int_t)id->size, "as_of", (json_int_t)as_of, "database", database, "limits", a->limits, "detections",
	                         a->detections, "members", members, "previous", a->previous, "evidence", a->evidence, "regions", a->regions);
	char *text = head ? json_dumps(head, JSON_COMPACT) : NULL;
	json_decref(head);
	int fd = text ? memfd_create("probity-input", MFD_CLOEXEC | MFD_ALLOW_SEALING) : -1;
	int rc = !text ? PB_ENOMEM : fd < 0 ? PB_EIO : flush(a);
	rc = rc ? rc : write_out(fd, (const uint8_t *)text, strlen(text));
	rc = rc ? rc : write_out(fd, (const uint8_t *)"\n", 1);
	free(text);
	off_t at = 0, end = lseek(a->records, 0, SEEK_END);
	while (!rc && at < end) {
		ssize_t n = sendfile(fd, a->records, &at, (size_t)(end - at));
		if (n <= 0 && !(n < 0 && errno == EINTR))
			rc = PB_EIO;
	}
	/* Sealed, so that the reducer can use it where it lies. */
	if (!rc && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW) == 0)
		return fd;
	rc = rc ? rc : PB_EIO;
	if (fd >= 0)
		close(fd);
	pb_fail(err, rc, "%s: no room for its records: %s", a->name, strerror(errno));
	return -1;
}
