#include "base/width.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* What terminals show two columns wide, generously: too wide an estimate leaves a gap, too narrow breaks the page. */
static const struct {
	uint32_t lo, hi;
} wide[] = {
	{0x1100, 0x115f},   /* Hangul */
	{0x231a, 0x23ff},   /* watches, clocks and other symbols shown as pictures */
	{0x25fb, 0x27ff},   /* shapes, dingbats */
	{0x2b00, 0x2bff},   /* arrows and stars */
	{0x2e80, 0xa4cf},   /* radicals, kana, CJK, Yi */
	{0xa960, 0xa97f},   /* Hangul */
	{0xac00, 0xd7ff},   /* Hangul */
	{0xf900, 0xfaff},   /* CJK */
	{0xfe10, 0xfe6f},   /* vertical and small forms */
	{0xff00, 0xffe6},   /* full-width forms */
	{0x16fe0, 0x1b2ff}, /* Tangut, Khitan, kana */
	{0x1d300, 0x1d37f}, /* counting rods */
	{0x1f000, 0x1faff}, /* pictures */
	{0x20000, 0x3ffff}, /* CJK */
};

static size_t escape_length(const char *s)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	size_t n;

	if (s[0] != '\\')
		return 0;
	if (s[1] == 'x' && s[2] != '\0' && strchr(hex, s[2]) != NULL && s[3] != '\0' && strchr(hex, s[3]) != NULL)
		return 4;
	if (s[1] != 'u' || s[2] != '{')
		return 0;
	n = strspn(s + 3, hex);
	return n >= 1 && n <= 6 && s[3 + n] == '}' ? n + 4 : 0;
}

size_t pb_width_unit(const char *s, int *columns)
{
	size_t n = escape_length(s);
	uint32_t c = 0;

	*columns = (int)n;
	if (n > 0)
		return n;
	n = pb_text_decode((const uint8_t *)s, strnlen(s, 4), &c);
	*columns = 1;
	for (size_t i = 0; n > 0 && i < sizeof wide / sizeof wide[0]; i++)
		if (c >= wide[i].lo && c <= wide[i].hi)
			*columns = 2;
	return n > 0 ? n : 1;
}

int pb_width(const char *text)
{
	int width = 0;

	for (size_t at = 0; text[at] != '\0' && width < 1000000000;) {
		int columns;

		at += pb_width_unit(text + at, &columns);
		width += columns;
	}
	return width;
}

/* The number of bytes at the start of text that take at most width columns. */
static size_t head(const char *text, int width)
{
	size_t at = 0;

	for (int sum = 0; text[at] != '\0';) {
		int columns;
		size_t n = pb_width_unit(text + at, &columns);

		if (columns > width - sum)
			break;
		sum += columns;
		at += n;
	}
	return at;
}

char *pb_width_shorten(const char *text, int width)
{
	static const char gap[] = "...";
	int total = pb_width(text), kept = width - (int)(sizeof gap - 1), left = total;
	size_t size = strlen(text), front, back = 0;
	char *out;

	if (total <= width)
		return strdup(text);
	if (kept < 2)
		return strndup(text, head(text, width > 0 ? width : 0));
	/* More of the end: the file's name says more than the folder's. */
	front = head(text, kept * 2 / 5);
	while (left > kept - kept * 2 / 5) {
		int columns;

		back += pb_width_unit(text + back, &columns);
		left -= columns;
	}
	out = malloc(front + sizeof gap + size - back);
	if (out == NULL)
		return NULL;
	memcpy(out, text, front);
	memcpy(out + front, gap, sizeof gap - 1);
	memcpy(out + front + sizeof gap - 1, text + back, size - back + 1);
	return out;
}
