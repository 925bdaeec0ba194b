/* What OpenPGP files look like, read without librnp: which kind they are, and what a clear-signed one says. */
#include <string.h>

#include "evidence/openpgp.h"

#define CLEAR     "-----BEGIN PGP SIGNED MESSAGE-----"
#define SIGNATURE "-----BEGIN PGP SIGNATURE-----"
#define SIG_END   "-----END PGP SIGNATURE-----"
#define KEY       "-----BEGIN PGP PUBLIC KEY BLOCK-----"

static bool begins(pb_bytes b, const char *with)
{
	size_t n = strlen(with);

	return b.size >= n && memcmp(b.data, with, n) == 0;
}

static pb_bytes behind_blanks(pb_bytes b)
{
	size_t at = 0;

	while (at < b.size && at < 64 && (b.data[at] == ' ' || b.data[at] == '\t' || b.data[at] == '\r' || b.data[at] == '\n'))
		at++;
	return pb_slice(b, at, b.size);
}

/* A binary packet of this kind at the beginning, whose body begins with a version from 3 to 6. */
static bool packet(pb_bytes b, unsigned tag)
{
	size_t at;

	if (b.size < 12)
		return false;
	if ((b.data[0] & 0xc0) == 0xc0 && (b.data[0] & 0x3fU) == tag)
		at = b.data[1] < 192 ? 2 : b.data[1] < 224 ? 3 : b.data[1] == 255 ? 6 : 0;
	else if ((b.data[0] & 0xc0) == 0x80 && (b.data[0] >> 2 & 15U) == tag && (b.data[0] & 3) != 3)
		at = 1 + ((size_t)1 << (b.data[0] & 3));
	else
		return false;
	return at != 0 && b.data[at] >= 3 && b.data[at] <= 6;
}

bool pb_openpgp_is_clear(pb_bytes document)
{
	return begins(document, CLEAR);
}

bool pb_openpgp_is_signature(pb_bytes bytes)
{
	return begins(behind_blanks(bytes), SIGNATURE) || packet(bytes, 2);
}

bool pb_openpgp_is_key(pb_bytes bytes)
{
	return begins(behind_blanks(bytes), KEY) || packet(bytes, 6);
}

/* The next line, without what no signature covers: its end, and blanks before it. */
static bool next_line(pb_bytes b, size_t *at, pb_bytes *line)
{
	const uint8_t *end;
	size_t n;

	if (*at >= b.size)
		return false;
	end = memchr(b.data + *at, '\n', b.size - *at);
	n = end != NULL ? (size_t)(end - (b.data + *at)) : b.size - *at;
	*line = (pb_bytes){b.data + *at, n};
	*at += n + (end != NULL);
	while (line->size > 0 && strchr(" \t\r", line->data[line->size - 1]) != NULL && line->data[line->size - 1] != '\0')
		line->size--;
	return true;
}

static bool same(pb_bytes line, const char *as)
{
	return line.size == strlen(as) && begins(line, as);
}

/* "Hash: SHA256" and an empty line: whatever else stood there would be read and signed by nobody. */
static bool past_headers(pb_bytes b, size_t *at)
{
	pb_bytes line;

	while (next_line(b, at, &line)) {
		if (line.size == 0)
			return true;
		if (!begins(line, "Hash: "))
			return false;
	}
	return false;
}

/* The signature's own lines, up to the end of the document. */
static bool signature_ends_it(pb_bytes b, size_t at)
{
	pb_bytes line;

	do {
		if (!next_line(b, &at, &line))
			return false;
	} while (line.size == 0 || line.data[0] != '-');
	if (!same(line, SIG_END))
		return false;
	while (next_line(b, &at, &line))
		if (line.size > 0)
			return false;
	return true;
}

bool pb_openpgp_cleartext(pb_bytes document, pb_buf *text)
{
	size_t at = 0;
	pb_bytes line;

	if (!next_line(document, &at, &line) || !same(line, CLEAR) || !past_headers(document, &at))
		return false;
	while (next_line(document, &at, &line)) {
		if (same(line, SIGNATURE))
			return signature_ends_it(document, at);
		if (line.size > 0 && line.data[0] == '-') {
			/* An escaped empty line has lost its blank above. */
			if (line.size > 1 && line.data[1] != ' ')
				return false;
			line = pb_slice(line, 2, line.size);
		}
		if (pb_buf_add(text, line.data, line.size) != 0 || pb_buf_add(text, "\n", 1) != 0)
			return false;
	}
	return false;
}
