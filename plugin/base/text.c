/* The display form and well-formedness of UTF-8. No locale: the tables here decide, the same on every machine. */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"

typedef struct range {
	uint32_t lo, hi;
} range;

/* Characters that are not seen, or that change how the rest of a line is seen. Sorted. */
static const range unseen[] = {
    {0x80, 0x9f},       /* C1 controls */
    {0xad, 0xad},       /* soft hyphen */
    {0x34f, 0x34f},     /* grapheme joiner */
    {0x61c, 0x61c},     /* Arabic letter mark */
    {0x115f, 0x1160},   /* Hangul fillers */
    {0x17b4, 0x17b5},   /* Khmer inherent vowels */
    {0x180b, 0x180f},   /* Mongolian selectors */
    {0x200b, 0x200f},   /* zero width, direction marks */
    {0x2028, 0x202e},   /* line and paragraph separators, bidirectional embedding */
    {0x2060, 0x206f},   /* joiners, isolates, deprecated controls */
    {0x3164, 0x3164},   /* Hangul filler */
    {0xfe00, 0xfe0f},   /* variation selectors */
    {0xfeff, 0xfeff},   /* byte order mark */
    {0xffa0, 0xffa0},   /* half-width filler */
    {0xfff0, 0xfffb},   /* annotations */
    {0xfffe, 0xffff},   /* no characters */
    {0x1bca0, 0x1bca3}, /* shorthand controls */
    {0x1d173, 0x1d17a}, /* musical controls */
    {0xe0000, 0xe0fff}, /* tags, more variation selectors */
};

static bool is_unseen(uint32_t c)
{
	for (size_t i = 0; i < sizeof unseen / sizeof unseen[0] && unseen[i].lo <= c; i++)
		if (c <= unseen[i].hi)
			return true;
	return false;
}

size_t pb_text_decode(const uint8_t *p, size_t n, uint32_t *c)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len;
	uint32_t v;

	if (n == 0)
		return 0;
	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	}
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || len > n)
		return 0;
	v = p[0] & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (p[i] & 0x3f);
	}
	if (v < least[len] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return 0;
	*c = v;
	return len;
}

bool pb_text_utf8(const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	uint32_t c;

	for (size_t at = 0, len; at < n; at += len) {
		len = pb_text_decode(p + at, n - at, &c);
		if (len == 0)
			return false;
	}
	return true;
}

typedef struct escape_rules {
	bool keep_lines;     /* newline and tab stay */
	bool keep_backslash; /* the text may be escaped already */
} escape_rules;

/* The output of the character at p into piece, which holds a \u{10FFFF} and more; returns the number of bytes read. */
static size_t one(const uint8_t *p, size_t n, escape_rules rules, char piece[16])
{
	uint32_t c = 0;
	size_t len = pb_text_decode(p, n, &c);
	bool lines = rules.keep_lines && (p[0] == '\n' || p[0] == '\t');

	if (len == 0 || (len == 1 && !lines && (c < 0x20 || c == 0x7f || (c == '\\' && !rules.keep_backslash)))) {
		(void)snprintf(piece, 16, "\\x%02x", (unsigned)p[0]);
		return 1;
	}
	if (is_unseen(c)) {
		(void)snprintf(piece, 16, "\\u{%04x}", (unsigned)c);
		return len;
	}
	memcpy(piece, p, len);
	piece[len] = '\0';
	return len;
}

static char *escape(const void *bytes, size_t n, size_t max, escape_rules rules)
{
	static const char cut[] = "…";
	const uint8_t *p = bytes;
	pb_buf out = {0};
	size_t keep = 0; /* where to cut back to, should not everything fit */
	char piece[16];

	if (pb_buf_add(&out, "", 0) != PB_OK)
		return NULL;
	for (size_t at = 0; at < n;) {
		at += one(p + at, n - at, rules, piece);
		if (pb_buf_puts(&out, piece) != PB_OK) {
			pb_buf_free(&out);
			return NULL;
		}
		if (max != 0 && out.size > max) {
			out.size = keep;
			out.data[keep] = 0;
			if (max >= sizeof cut - 1)
				memcpy(out.data + keep, cut, sizeof cut); /* room: keep + 3 <= max < what was there */
			return (char *)out.data;
		}
		if (out.size + sizeof cut - 1 <= max)
			keep = out.size;
	}
	return (char *)out.data;
}

char *pb_text_display(const void *bytes, size_t n, size_t max)
{
	return escape(bytes, n, max, (escape_rules){false, false});
}

char *pb_text_display_lines(const void *bytes, size_t n, size_t max)
{
	return escape(bytes, n, max, (escape_rules){true, false});
}

char *pb_text_safe(const char *text, size_t max)
{
	return escape(text, strlen(text), max, (escape_rules){false, true});
}
