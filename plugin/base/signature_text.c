/* The lines of minisign's files. Strict: one spelling of one file, so that nobody's eye and nobody's program read them differently. */
#include <string.h>

#include "base/sodium.h"
#include "base/text.h"

/* One line without its end ("\n" or "\r\n"); false: there is none. */
static bool next_line(pb_bytes text, size_t *at, const char **line, size_t *n)
{
	const char *from = (const char *)text.data + *at, *end;

	if (*at >= text.size)
		return false;
	end = memchr(from, '\n', text.size - *at);
	*n = end != NULL ? (size_t)(end - from) : text.size - *at;
	*at += *n + (end != NULL);
	*line = from;
	if (*n > 0 && from[*n - 1] == '\r')
		--*n;
	return true;
}

bool pb_sig_base64(const char *text, size_t size, uint8_t *raw, size_t n)
{
	const char *end = NULL;
	size_t got = 0;

	return sodium_base642bin(raw, n, text, size, NULL, &got, &end, sodium_base64_VARIANT_ORIGINAL) == 0 && got == n && end == text + size;
}

bool pb_sig_pair(pb_bytes text, size_t *at, const char *prefix, const char **comment, size_t *comment_size, uint8_t *raw, size_t n)
{
	size_t length = strlen(prefix), size;
	const char *line;

	if (!next_line(text, at, &line, &size) || size < length || memcmp(line, prefix, length) != 0 || size - length > PB_SIGNATURE_COMMENT)
		return false;
	if (comment != NULL) {
		*comment = line + length;
		*comment_size = size - length;
	}
	return next_line(text, at, &line, &size) && pb_sig_base64(line, size, raw, n);
}

bool pb_sig_ends(pb_bytes text, size_t at)
{
	for (; at < text.size; at++)
		if (text.data[at] != '\n' && text.data[at] != '\r')
			return false;
	return true;
}

int pb_sig_pair_add(pb_buf *out, const char *prefix, const char *comment, const uint8_t *raw, size_t n)
{
	char text[512];
	int rc;

	(void)sodium_bin2base64(text, sizeof text, raw, n, sodium_base64_VARIANT_ORIGINAL);
	rc = pb_buf_printf(out, "%s%s\n%s\n", prefix, comment, text);
	sodium_memzero(text, sizeof text);
	return rc;
}
