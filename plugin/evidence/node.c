/* Values of a parsed document, with the place where each stands: so that a refusal says where. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "evidence/reader.h"

void pb_doc_refuse(pb_reading *r, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	if (r->rc != PB_OK)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	r->rc = pb_fail(&r->err, PB_EINPUT, "%s", text);
}

void pb_doc_starved(pb_reading *r)
{
	if (r->rc == PB_OK)
		r->rc = pb_fail(&r->err, PB_ENOMEM, "it takes more memory than there is");
}

/* "components[3].name". What has no room is left out at the end: the beginning says most. */
static size_t place(const pb_node *n, char *out, size_t size)
{
	size_t at = n->up != NULL ? place(n->up, out, size) : 0;
	int k = 0;

	if (n->up == NULL)
		out[0] = '\0';
	else if (n->key != NULL)
		k = snprintf(out + at, size - at, "%s%.60s", at > 0 ? "." : "", n->key);
	else
		k = snprintf(out + at, size - at, "[%zu]", n->index);
	at += k > 0 ? (size_t)k : 0;
	return at < size ? at : size - 1;
}

void pb_doc_refuse_at(const pb_node *n, const char *fmt, ...)
{
	char where[240], text[360];
	va_list ap;

	if (n->r->rc != PB_OK)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	pb_doc_refuse(n->r, "%s: %s", place(n, where, sizeof where) > 0 ? where : "document", text);
}

pb_node pb_doc_root_of(pb_reading *r)
{
	return (pb_node){.r = r, .v = r->json};
}

pb_node pb_doc_at(const pb_node *n, const char *key)
{
	const json_t *v = json_object_get(n->v, key);

	return (pb_node){.r = n->r, .v = json_is_null(v) ? NULL : v, .up = n, .key = key};
}

pb_node pb_doc_item(const pb_node *n, size_t i)
{
	const json_t *v = json_array_get(n->v, i);

	return (pb_node){.r = n->r, .v = json_is_null(v) ? NULL : v, .up = n, .index = i};
}

static const char *kind_of(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT: return "an object";
	case JSON_ARRAY: return "a list";
	case JSON_STRING: return "a text";
	case JSON_INTEGER:
	case JSON_REAL: return "a number";
	default: return "true, false or null";
	}
}

static bool is(const pb_node *n, bool right, const char *wanted)
{
	if (n->v != NULL && !right)
		pb_doc_refuse_at(n, "%s is wanted, not %s", wanted, kind_of(n->v));
	return n->v != NULL && right;
}

bool pb_doc_is_object(const pb_node *n)
{
	return is(n, json_is_object(n->v), "an object");
}

size_t pb_doc_items(const pb_node *n)
{
	return is(n, json_is_array(n->v), "a list") ? json_array_size(n->v) : 0;
}

const char *pb_doc_text(const pb_node *n)
{
	return is(n, json_is_string(n->v), "a text") ? json_string_value(n->v) : "";
}

const char *pb_doc_text_at(const pb_node *n, const char *key)
{
	pb_node at = pb_doc_at(n, key);

	return pb_doc_text(&at);
}

int64_t pb_doc_number(const pb_node *n, int64_t lo, int64_t hi, int64_t absent)
{
	int64_t v;

	if (!is(n, json_is_integer(n->v), "a whole number"))
		return absent;
	v = (int64_t)json_integer_value(n->v);
	if (v >= lo && v <= hi)
		return v;
	pb_doc_refuse_at(n, "a number from %lld to %lld is wanted", (long long)lo, (long long)hi);
	return absent;
}

bool pb_doc_yes(const pb_node *n, bool absent)
{
	return is(n, json_is_boolean(n->v), "true or false") ? json_is_true(n->v) : absent;
}

static bool two_digits(const char *s, int most)
{
	return s[0] >= '0' && s[0] <= '9' && s[1] >= '0' && s[1] <= '9' && (s[0] - '0') * 10 + (s[1] - '0') <= most;
}

/* What follows a day in RFC 3339: "T10:20:30", a fraction, "Z" or an offset (which ISO 8601 lets be left out). */
static bool time_of_day(const char *s)
{
	if ((s[0] != 'T' && s[0] != 't' && s[0] != ' ') || !two_digits(s + 1, 23) || s[3] != ':' || !two_digits(s + 4, 59))
		return false;
	s += 6;
	if (s[0] == ':') {
		if (!two_digits(s + 1, 60))
			return false;
		s += 3;
	}
	if (s[0] == '.') {
		size_t n = strspn(s + 1, "0123456789");

		if (n == 0)
			return false;
		s += n + 1;
	}
	if (strcmp(s, "Z") == 0 || strcmp(s, "z") == 0 || s[0] == '\0')
		return true;
	if ((s[0] != '+' && s[0] != '-') || !two_digits(s + 1, 23))
		return false;
	s += s[3] == ':' ? 4 : 3;
	return two_digits(s, 59) && s[2] == '\0';
}

bool pb_doc_day_of(const char *text, char out[11])
{
	char day[11];
	int64_t days;

	out[0] = '\0';
	if (strnlen(text, 10) < 10)
		return false;
	for (int i = 0; i < 10; i++)
		day[i] = text[i];
	day[10] = '\0';
	if (!pb_date_parse(day, &days) || (text[10] != '\0' && !time_of_day(text + 10)))
		return false;
	pb_date_format(days, out);
	return true;
}

void pb_doc_day(const pb_node *n, char out[11])
{
	const char *text = pb_doc_text(n);

	out[0] = '\0';
	if (text[0] != '\0' && !pb_doc_day_of(text, out))
		pb_doc_refuse_at(n, "no date: %.60s", text);
}

void pb_doc_must(const pb_node *n)
{
	if (n->v == NULL)
		pb_doc_refuse_at(n, "it is missing");
	else if (json_is_string(n->v) && json_string_length(n->v) == 0)
		pb_doc_refuse_at(n, "it is empty");
}
