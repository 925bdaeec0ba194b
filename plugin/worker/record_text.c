#include "worker/record_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "object/kind.h"

enum { MD5_HEX = 32 };

/* What is left of the text. */
typedef struct rest {
	const char *at, *end;
} rest;

static bool skip(rest *r, const char *word)
{
	size_t n = strlen(word);
	if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
		return false;
	r->at += n;
	return true;
}

/* The member `"key":"value"` and the comma or bracket after it. */
static bool skip_text(rest *r, const char *key, const char *value, const char *after)
{
	return skip(r, "\"") && skip(r, key) && skip(r, "\":\"") && skip(r, value) && skip(r, "\"") && skip(r, after);
}

static bool skip_md5(rest *r)
{
	if (!skip(r, "\"md5\":\""))
		return true; /* few have one */
	for (int i = 0; i < MD5_HEX; i++, r->at++)
		if (r->at == r->end || !((*r->at >= '0' && *r->at <= '9') || (*r->at >= 'a' && *r->at <= 'f')))
			return false;
	return skip(r, "\",");
}

/* None has one that ClamAV left closed. */
static bool skip_type(rest *r, const char *type)
{
	return !skip(r, "\"clam_type\":\"") || (type[0] != '\0' && skip(r, type) && skip(r, "\","));
}

/* One JSON text, up to its own closing quote: nothing behind it can pass for a part of it, nor the other way round. */
static bool skip_string(rest *r)
{
	if (!skip(r, "\""))
		return false;
	for (; r->at < r->end; r->at++) {
		if ((unsigned char)*r->at < ' ')
			return false;
		if (*r->at == '"') {
			r->at++;
			return true;
		}
		if (*r->at == '\\' && ++r->at == r->end)
			return false;
	}
	return false;
}

static bool skip_path(rest *r)
{
	if (!skip(r, "\"path\":["))
		return false;
	do {
		if (!skip_string(r))
			return false;
	} while (skip(r, ","));
	return skip(r, "],");
}

bool pb_record_text_fits(pb_bytes text, const pb_lane_object *o)
{
	const pb_kind *kind = pb_kind_named(o->kind);
	rest r = {(const char *)text.data, (const char *)text.data + text.size};
	char size[40];
	/* What would be escaped cannot be compared as it is. */
	if (!kind || strpbrk(o->name_class, "\"\\") || strpbrk(o->sha256, "\"\\") || strpbrk(o->clam_type, "\"\\"))
		return false;
	(void)snprintf(size, sizeof size, "\"size\":%" PRIu64, (uint64_t)o->bytes.size);
	return skip(&r, "{") && skip_type(&r, o->clam_type) && skip_text(&r, "class", pb_class_name(kind->class), ",") &&
	       skip(&r, kind->class == PB_CLASS_ARCHIVE ? "\"container\":true," : "\"container\":false,") &&
	       skip_text(&r, "kind", o->kind, ",") && skip_md5(&r) && skip_text(&r, "name_class", o->name_class, ",") &&
	       skip_path(&r) && skip_text(&r, "sha256", o->sha256, ",") && skip(&r, size) &&
	       (skip(&r, "}") || skip(&r, ",\"unscanned\":true}")) && r.at == r.end;
}
