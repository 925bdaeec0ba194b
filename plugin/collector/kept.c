#include "collector/kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/hash.h"

enum { ENTRY_MOST = 256 << 10 };

static bool name_of(const char *url, const json_t *headers, char out[65])
{
	char *canonical = headers ? pb_json_canonical(headers) : strdup("{}");
	pb_buf text = {0};
	bool is = canonical && !pb_buf_printf(&text, "%s\n%s", url, canonical) && pb_sha256_of((pb_bytes){text.data, text.size}, out);

	free(canonical);
	pb_buf_free(&text);
	return is;
}

static bool place(const char *dir, const char *name, const char *suffix, char out[4096])
{
	int n = snprintf(out, 4096, "%s/%s%s", dir, name, suffix);

	return n > 0 && n < 4096;
}

bool pb_kept_find(const char *dir, const char *url, const json_t *headers, pb_kept *out)
{
	char file[4096];
	pb_buf text = {0};

	*out = (pb_kept){0};
	if (!*dir || !name_of(url, headers, out->name) || !place(dir, out->name, ".json", file))
		return false;
	if (!pb_fs_read(file, ENTRY_MOST, &text, NULL))
		out->entry = pb_json_parse((pb_bytes){text.data, text.size}, ENTRY_MOST, "the cache", NULL);
	pb_buf_free(&text);
	if (!out->entry || strcmp(pb_json_str(out->entry, "url", ""), url) != 0)
		return false;
	const json_t *kept = json_object_get(out->entry, "headers");
	(void)snprintf(out->etag, sizeof out->etag, "%s", pb_json_str(kept, "etag", ""));
	(void)snprintf(out->modified, sizeof out->modified, "%s", pb_json_str(kept, "last-modified", ""));
	return *out->etag || *out->modified;
}

bool pb_kept_take(const char *dir, const pb_kept *c, size_t max, pb_fetch_answer *answer)
{
	const char *wanted = pb_json_str(c->entry, "sha256", "");
	json_t *headers = json_object_get(c->entry, "headers");
	char file[4096], sha256[65];
	pb_buf body = {0};

	if (!json_is_object(headers) || !place(dir, c->name, ".body", file) || pb_fs_read(file, max, &body, NULL) ||
	    !pb_sha256_of((pb_bytes){body.data, body.size}, sha256) || strcmp(sha256, wanted) != 0) {
		pb_buf_free(&body);
		return false;
	}
	pb_buf_free(&answer->body);
	answer->body = body;
	answer->size = body.size;
	answer->status = 200;
	memcpy(answer->sha256, sha256, sizeof sha256);
	json_incref(headers);
	json_decref(answer->headers);
	answer->headers = headers;
	return true;
}

void pb_kept_put(const char *dir, const char *url, const json_t *headers, const pb_fetch_answer *answer)
{
	char name[65], file[4096];
	json_t *entry;
	char *text;

	if (!*dir || answer->status != 200 ||
	    (!json_object_get(answer->headers, "etag") && !json_object_get(answer->headers, "last-modified")) || !name_of(url, headers, name))
		return;
	entry = json_pack("{s:s,s:s,s:O}", "url", url, "sha256", answer->sha256, "headers", answer->headers);
	text = entry ? pb_json_canonical(entry) : NULL;
	if (text && place(dir, name, ".body", file) && !pb_fs_write(file, answer->body.data, answer->body.size, NULL) &&
	    place(dir, name, ".json", file))
		(void)pb_fs_write(file, text, strlen(text), NULL);
	free(text);
	json_decref(entry);
}

void pb_kept_free(pb_kept *c)
{
	json_decref(c->entry);
	c->entry = NULL;
}
