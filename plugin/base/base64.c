#include "base/base64.h"

#include <string.h>

#include "base/error.h"

enum { CHUNK = 4096 };

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* 0..63, or -1; *url, *plain: which alphabet was seen. */
static int value_of(char c, bool *url, bool *plain)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	*plain = *plain || c == '+' || c == '/';
	*url = *url || c == '-' || c == '_';
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* Four characters, of which `pad` at the end are '='. */
static bool four(const char *s, int pad, uint8_t out[3], bool *url, bool *plain)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++) {
		int d = i < 4 - pad ? value_of(s[i], url, plain) : 0;

		if (d < 0)
			return false;
		v = v << 6 | (uint32_t)d;
	}
	out[0] = (uint8_t)(v >> 16);
	out[1] = (uint8_t)(v >> 8);
	out[2] = (uint8_t)v;
	return !(*url && *plain) && (pad < 2 || out[1] == 0) && (pad < 1 || out[2] == 0);
}

int pb_base64_decode(const char *text, size_t n, pb_buf *out)
{
	uint8_t raw[CHUNK / 4 * 3];
	bool url = false, plain = false;
	size_t held = 0;
	int rc = PB_OK;

	if (n % 4 != 0)
		return PB_EINPUT;
	for (size_t at = 0; at < n && rc == PB_OK; at += 4) {
		int pad = at + 4 < n || text[at + 3] != '=' ? 0 : text[at + 2] == '=' ? 2 : 1;

		if (!four(text + at, pad, raw + held, &url, &plain))
			return PB_EINPUT;
		held += 3 - (size_t)pad;
		if (held + 3 > sizeof raw || at + 4 >= n) {
			rc = pb_buf_add(out, raw, held);
			held = 0;
		}
	}
	return rc;
}

int pb_base64_encode(pb_bytes b, pb_buf *out)
{
	char text[CHUNK];
	size_t held = 0;
	int rc = PB_OK;

	for (size_t at = 0; at < b.size && rc == PB_OK; at += 3) {
		size_t left = b.size - at;
		uint32_t v = (uint32_t)b.data[at] << 16 | (left > 1 ? (uint32_t)b.data[at + 1] << 8 : 0) | (left > 2 ? b.data[at + 2] : 0U);

		text[held++] = digits[v >> 18];
		text[held++] = digits[v >> 12 & 63];
		text[held++] = left > 1 ? digits[v >> 6 & 63] : '=';
		text[held++] = left > 2 ? digits[v & 63] : '=';
		if (held == sizeof text || left <= 3) {
			rc = pb_buf_add(out, text, held);
			held = 0;
		}
	}
	return rc;
}
