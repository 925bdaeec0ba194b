#include "bindings/armour.h"

#include <string.h>

#include "bindings/base64.h"

enum { KIND_MOST = 64, JOINT_MOST = 200 };

static const char begin[] = "-----BEGIN ", end[] = "-----END ", dashes[] = "-----";

typedef struct reader {
	const uint8_t *p, *end;
} reader;

static bool at_text(const reader *r, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(r->end - r->p) >= n && memcmp(r->p, text, n) == 0;
}

static bool take(reader *r, const char *text)
{
	if (!at_text(r, text))
		return false;
	r->p += strlen(text);
	return true;
}

bool pb_armour_begins(pb_bytes b)
{
	reader r = {b.data, b.data + b.size};

	return b.size > 0 && at_text(&r, begin);
}

static bool read_kind(reader *r, pb_armour *out)
{
	out->kind = (const char *)r->p;
	while (r->p < r->end && ((*r->p >= 'A' && *r->p <= 'Z') || (*r->p >= '0' && *r->p <= '9') || *r->p == ' '))
		r->p++;
	out->kind_length = (size_t)((const char *)r->p - out->kind);
	return out->kind_length > 0 && out->kind_length <= KIND_MOST && take(r, dashes);
}

/* A line end: real, or written as an escape in source code ("\n", also "\\n"). 0: none here; else its length. */
static size_t line_end(const reader *r)
{
	const uint8_t *p = r->p;

	if (p < r->end && (*p == '\n' || *p == '\r'))
		return 1;
	while (p < r->end && *p == '\\' && p - r->p < 4)
		p++;
	if (p == r->p || p == r->end)
		return 0;
	return *p == 'n' || *p == 'r' || *p == '\n' || *p == '\r' ? (size_t)(p - r->p) + 1 : 0;
}

/* Where a string of source code ends and the next one begins: "...\n" + "...". false: it does not go on. */
static bool cross_joint(reader *r)
{
	uint8_t quote = *r->p++;

	for (int i = 0; i < JOINT_MOST && r->p < r->end; i++, r->p++) {
		if (*r->p == quote)
			return r->p++, true;
		if (*r->p == '\0' || strchr(" \t\r\n+.,\\", *r->p) == NULL)
			return false;
	}
	return false;
}

/* Over what is between two pieces of text: blanks, line ends, joints. false: something that does not belong here. */
static bool skip_between(reader *r)
{
	while (r->p < r->end) {
		size_t n = line_end(r);

		if (n > 0)
			r->p += n;
		else if (*r->p == ' ' || *r->p == '\t')
			r->p++;
		else if (*r->p == '"' || *r->p == '\'' || *r->p == '`') {
			if (!cross_joint(r))
				return false;
		} else
			return true;
	}
	return false;
}

/* "Proc-Type: 4,ENCRYPTED" and what else stands above the body. */
static bool read_headers(reader *r, bool *encrypted)
{
	for (;;) {
		const uint8_t *line = r->p, *p = line;

		while (p < r->end && (pb_base64_value(*p) >= 0 && *p != '+' && *p != '/'))
			p++;
		if (p == r->end || *p != ':')
			return true; /* the body */
		if (at_text(r, "Proc-Type:") && (size_t)(r->end - r->p) > 40 && memmem(r->p, 40, "ENCRYPTED", 9) != NULL)
			*encrypted = true;
		while (r->p < r->end && line_end(r) == 0)
			r->p++;
		if (!skip_between(r))
			return false;
	}
}

/* The base64 body, up to the dashes of its end. */
static bool read_body(reader *r, uint8_t *body, size_t *size)
{
	pb_base64 b = {0};
	int padding = 0;

	*size = 0;
	while (skip_between(r) && *r->p != '-') {
		int value = pb_base64_value(*r->p);

		if (*r->p == '=' && padding < 2)
			padding++;
		else if (value < 0 || padding > 0 || *r->p == '_')
			return false;
		else
			*size += pb_base64_take(&b, value, &body[*size]);
		r->p++;
	}
	return r->p < r->end && pb_base64_done(&b, padding, false);
}

/* One DER element at p of n bytes: where its content begins and how long it is. */
static bool der_element(const uint8_t *p, size_t n, uint8_t *tag, size_t *content, size_t *length)
{
	size_t bytes;

	if (n < 2)
		return false;
	*tag = p[0];
	*content = 2;
	*length = p[1];
	if (p[1] >= 0x80) {
		bytes = p[1] & 0x7f;
		if (bytes == 0 || bytes > 3 || n < 2 + bytes)
			return false;
		*content += bytes;
		*length = 0;
		for (size_t i = 0; i < bytes; i++)
			*length = *length << 8 | p[2 + i];
	}
	return *length <= n - *content;
}

enum { INTEGER = 0x02, SEQUENCE = 0x30 };

/* One SEQUENCE over the whole body, and inside of it first of all what this kind begins with: a version, or a structure. */
static bool plausible_der(const uint8_t *body, size_t size, bool version)
{
	uint8_t tag, first;
	size_t content, length, inner, inner_length;

	if (!der_element(body, size, &tag, &content, &length) || tag != SEQUENCE || content + length != size)
		return false;
	if (!der_element(body + content, length, &first, &inner, &inner_length))
		return false;
	return version ? first == INTEGER && inner_length >= 1 : first != 0;
}

static bool kind_is(const pb_armour *a, const char *kind)
{
	return a->kind_length == strlen(kind) && memcmp(a->kind, kind, a->kind_length) == 0;
}

static bool plausible(const uint8_t *body, pb_armour *a)
{
	static const char openssh[] = "openssh-key-v1"; /* with its NUL */
	static const uint8_t none[] = {0, 0, 0, 4, 'n', 'o', 'n', 'e'};

	if (kind_is(a, "OPENSSH PRIVATE KEY")) {
		if (a->size < sizeof openssh + sizeof none || memcmp(body, openssh, sizeof openssh) != 0)
			return false;
		a->encrypted = memcmp(body + sizeof openssh, none, sizeof none) != 0;
		return true;
	}
	if (a->encrypted) /* of the old kind: the body is cipher text, whole blocks of it */
		return a->size >= 16 && a->size % 8 == 0;
	a->encrypted = kind_is(a, "ENCRYPTED PRIVATE KEY");
	return plausible_der(body, a->size, a->private && !a->encrypted);
}

bool pb_armour_read(pb_bytes b, uint8_t *body, pb_armour *out)
{
	static const char private_key[] = "PRIVATE KEY";
	const size_t n = sizeof private_key - 1;
	reader r = {b.data, b.data + b.size};

	memset(out, 0, sizeof *out);
	if (b.size == 0 || !take(&r, begin) || !read_kind(&r, out))
		return false;
	out->private = out->kind_length >= n && memcmp(out->kind + out->kind_length - n, private_key, n) == 0;
	if (!skip_between(&r) || !read_headers(&r, &out->encrypted) || !read_body(&r, body, &out->size))
		return false;
	if (!take(&r, end) || (size_t)(r.end - r.p) < out->kind_length || memcmp(r.p, out->kind, out->kind_length) != 0)
		return false;
	r.p += out->kind_length;
	if (!take(&r, dashes))
		return false;
	out->length = (size_t)(r.p - b.data);
	return plausible(body, out);
}
