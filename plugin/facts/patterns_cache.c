/* Compiled rules on disk. YARA executes what such a file holds without looking, so a file counts only in a folder that nobody
 * else can write to, and only with the digest of its own bytes in front:
 *     probity-yac 1
 *     SHA-256 of all that follows
 *     [[source, "why it was refused"], ...]
 *     YARA's own form
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"
#include "facts/yara_rules.h"

static const char magic[] = "probity-yac 1\n";
enum { MAGIC = sizeof magic - 1, HEX = 64, HEAD = MAGIC + HEX + 1, FILE_MAX = 512 << 20 };

static const char *const group_names[PB_GROUPS] = {"plain",  "elf",        "pe",    "macho",  "code",   "python",
                                                  "javascript", "shell", "script", "source", "data"};

char *pb_patterns_cache_file(const char *dir, const pb_pattern_source *sources, const uint32_t *groups, pb_group group,
                             const pb_refusals *r)
{
	char hex[65], *file = NULL;
	pb_sha256 *h = pb_sha256_new();

	if (!h)
		return NULL;
	pb_sha256_add(h, magic, sizeof magic);
	pb_sha256_add(h, YR_VERSION, sizeof YR_VERSION);
	for (size_t i = 0; i < r->n; i++) {
		char number[96];
		/* File, line and index too: they are in the messages that the cache holds. */
		int n = snprintf(number, sizeof number, "%zu %d %d", i, sources[i].line,
		                 !(groups[i] & (1u << group)) || r->message[i]);
		pb_sha256_add(h, number, (size_t)n + 1);
		pb_sha256_add(h, sources[i].file, strlen(sources[i].file) + 1);
		pb_sha256_add(h, sources[i].space, strlen(sources[i].space) + 1);
		pb_sha256_add(h, sources[i].text, strlen(sources[i].text) + 1);
	}
	pb_sha256_hex(h, hex);
	if (!hex[0] || asprintf(&file, "%s/%s-%s.yac", dir, hex, group_names[group]) < 0)
		return NULL;
	return file;
}

/* Is the folder of the file ours alone to write? */
static bool safe_folder(const char *file)
{
	struct stat st;
	char *dir = strndup(file, (size_t)(strrchr(file, '/') - file));
	bool safe = dir && stat(dir, &st) == 0 && S_ISDIR(st.st_mode) && (st.st_uid == geteuid() || st.st_uid == 0) &&
	            !(st.st_mode & (S_IWGRP | S_IWOTH));
	free(dir);
	return safe;
}

/* The refusals that are new in this group, as the text between head and rules. */
static json_t *refusals_json(const pb_refusals *r)
{
	json_t *list = json_array();
	for (size_t i = 0; list && i < r->n; i++)
		if (r->message[i] && json_array_append_new(list, json_pack("[I,s]", (json_int_t)i, r->message[i]))) {
			json_decref(list);
			return NULL;
		}
	return list;
}

static bool take_refusals(pb_bytes text, pb_refusals *r)
{
	json_t *list = pb_json_parse(text, text.size, "cache", NULL), *item;
	size_t i;
	bool good = json_is_array(list);

	json_array_foreach (list, i, item) {
		json_int_t source = json_integer_value(json_array_get(item, 0));
		const char *message = json_string_value(json_array_get(item, 1));
		good = good && message && source >= 0 && pb_refuse(r, (size_t)source, message) == 0;
	}
	json_decref(list);
	return good;
}

size_t pb_patterns_stream_read(void *to, size_t size, size_t count, void *user)
{
	pb_bytes *from = user;
	size_t n;

	if (__builtin_mul_overflow(size, count, &n) || n > from->size)
		return 0;
	memcpy(to, from->data, n);
	from->data += n;
	from->size -= n;
	return count;
}

static size_t stream_write(const void *from, size_t size, size_t count, void *user)
{
	size_t n;
	return __builtin_mul_overflow(size, count, &n) || pb_buf_add(user, from, n) ? 0 : count;
}

/* A compiler takes a megabyte and more for each part of its rules, however small they are; what is loaded has the size of what it holds. */
int pb_patterns_compact(YR_RULES **rules)
{
	pb_buf buf = {.max = FILE_MAX};
	YR_STREAM out = {.user_data = &buf, .write = stream_write};
	YR_RULES *small = NULL;
	int code = yr_rules_save_stream(*rules, &out);
	pb_bytes left = {buf.data, buf.size};
	YR_STREAM in = {.user_data = &left, .read = pb_patterns_stream_read};

	if (code == ERROR_SUCCESS)
		code = yr_rules_load_stream(&in, &small);
	pb_buf_free(&buf);
	if (code != ERROR_SUCCESS)
		return PB_ENOMEM;
	yr_rules_destroy(*rules);
	*rules = small;
	return 0;
}

bool pb_patterns_cache_load(const char *file, pb_refusals *r, YR_RULES **rules)
{
	pb_buf buf = {0};
	bool loaded = false;
	char hex[PB_HEX_MAX];

	if (!safe_folder(file) || pb_fs_read(file, FILE_MAX, &buf, NULL) || buf.size < HEAD ||
	    memcmp(buf.data, magic, MAGIC) != 0)
		goto out;
	pb_bytes rest = {buf.data + HEAD, buf.size - HEAD};
	const uint8_t *end = memchr(rest.data, '\n', rest.size);
	if (!end || !pb_hash_hex("sha256", rest, hex) || memcmp(hex, buf.data + MAGIC, HEX) != 0)
		goto out;
	size_t n = (size_t)(end - rest.data);
	pb_bytes compiled = {end + 1, rest.size - n - 1};
	YR_STREAM stream = {.user_data = &compiled, .read = pb_patterns_stream_read};
	if (yr_rules_load_stream(&stream, rules) != ERROR_SUCCESS)
		goto out;
	loaded = take_refusals((pb_bytes){rest.data, n}, r);
	if (!loaded) {
		yr_rules_destroy(*rules);
		*rules = NULL;
	}
out:
	pb_buf_free(&buf);
	return loaded;
}

void pb_patterns_cache_save(const char *file, const pb_refusals *r, YR_RULES *rules)
{
	pb_buf rest = {.max = FILE_MAX}, whole = {0};
	char hex[PB_HEX_MAX];
	json_t *list = refusals_json(r);
	char *told = list ? pb_json_canonical(list) : NULL;
	YR_STREAM stream = {.user_data = &rest, .write = stream_write};

	if (!told || !safe_folder(file) || pb_buf_puts(&rest, told) || pb_buf_puts(&rest, "\n"))
		goto out;
	if (yr_rules_save_stream(rules, &stream) != ERROR_SUCCESS)
		goto out;
	if (!pb_hash_hex("sha256", (pb_bytes){rest.data, rest.size}, hex) || pb_buf_printf(&whole, "%s%s\n", magic, hex) ||
	    pb_buf_add(&whole, rest.data, rest.size))
		goto out;
	/* Where it cannot be written the next run compiles again: no reason to fail this one. */
	(void)pb_fs_write(file, whole.data, whole.size, NULL);
out:
	free(told);
	json_decref(list);
	pb_buf_free(&rest);
	pb_buf_free(&whole);
}
