/* What scripts do to hide a text, undone: each takes values and gives a new one, or an unknown one. Nothing here grows a text
 * by more than its parts are long, but replace and join, which ask for room before. */
#include <string.h>

#include "facts/code.h"

static const pb_value unknown;

static uint8_t *room(pb_script *c, size_t n)
{
	return n <= PB_CODE_TEXT ? pb_code_alloc(c, n + 4) : NULL;
}

static pb_value made(const uint8_t *text, size_t n, bool decoded)
{
	return (pb_value){.kind = PB_VALUE_TEXT, .text = text, .n = n, .made = true, .decoded = decoded};
}

static int sextet(uint8_t b)
{
	if (b >= 'A' && b <= 'Z')
		return b - 'A';
	if (b >= 'a' && b <= 'z')
		return b - 'a' + 26;
	if (b >= '0' && b <= '9')
		return b - '0' + 52;
	return b == '+' || b == '-' ? 62 : b == '/' || b == '_' ? 63 : -1;
}

pb_value pb_decode_base64(pb_script *c, pb_value v)
{
	uint8_t *out = v.kind == PB_VALUE_TEXT ? room(c, v.n) : NULL;
	uint32_t bits = 0;
	size_t n = 0, have = 0, read = 0;

	if (!out)
		return unknown;
	for (size_t i = 0; i < v.n && v.text[i] != '='; i++) {
		int s = sextet(v.text[i]);
		if (s < 0 && strchr(" \t\r\n", v.text[i]) && v.text[i])
			continue;
		if (s < 0)
			return unknown;
		bits = bits << 6 | (uint32_t)s;
		read++;
		if ((have += 6) >= 8)
			out[n++] = (uint8_t)(bits >> (have -= 8));
	}
	return read < 2 ? unknown : made(out, n, true);
}

static int hex(uint8_t b)
{
	return b >= '0' && b <= '9' ? b - '0' : b >= 'a' && b <= 'f' ? b - 'a' + 10 : b >= 'A' && b <= 'F' ? b - 'A' + 10 : -1;
}

pb_value pb_decode_hex(pb_script *c, pb_value v)
{
	uint8_t *out = v.kind == PB_VALUE_TEXT && v.n >= 2 && v.n % 2 == 0 ? room(c, v.n) : NULL;

	for (size_t i = 0; out && i < v.n; i += 2) {
		if (hex(v.text[i]) < 0 || hex(v.text[i + 1]) < 0)
			return unknown;
		out[i / 2] = (uint8_t)(hex(v.text[i]) << 4 | hex(v.text[i + 1]));
	}
	return out ? made(out, v.n / 2, true) : unknown;
}

pb_value pb_decode_percent(pb_script *c, pb_value v)
{
	uint8_t *out = v.kind == PB_VALUE_TEXT ? room(c, v.n) : NULL;
	size_t n = 0;

	for (size_t i = 0; out && i < v.n;) {
		bool two = v.n - i >= 3 && v.text[i] == '%' && hex(v.text[i + 1]) >= 0 && hex(v.text[i + 2]) >= 0;
		bool four = v.n - i >= 6 && v.text[i] == '%' && v.text[i + 1] == 'u';
		uint32_t u = 0;
		for (size_t k = 2; four && k < 6; k++) {
			four = hex(v.text[i + k]) >= 0;
			u = u << 4 | (uint32_t)(hex(v.text[i + k]) & 15);
		}
		if (two)
			out[n++] = (uint8_t)(hex(v.text[i + 1]) << 4 | hex(v.text[i + 2]));
		else if (four)
			n += pb_code_utf8(u, out + n);
		else
			out[n++] = v.text[i];
		i += two ? 3 : four ? 6 : 1;
	}
	return out ? made(out, n, n != v.n) : unknown;
}

pb_value pb_decode_codes(pb_script *c, const pb_value *numbers, size_t n, bool bytes)
{
	uint8_t *out = n <= PB_CODE_TEXT / 4 ? room(c, n * 4) : NULL;
	size_t size = 0;

	for (size_t i = 0; out && i < n; i++) {
		if (numbers[i].kind != PB_VALUE_NUMBER || numbers[i].number < 0 || numbers[i].number > (bytes ? 255 : 0x10ffff))
			return unknown;
		if (bytes)
			out[size++] = (uint8_t)numbers[i].number;
		else
			size += pb_code_utf8((uint32_t)numbers[i].number, out + size);
	}
	return out && n ? made(out, size, true) : unknown;
}

pb_value pb_decode_reverse(pb_script *c, pb_value v)
{
	if (v.kind == PB_VALUE_TEXT) {
		uint8_t *out = room(c, v.n);
		for (size_t i = 0; out && i < v.n; i++)
			out[i] = v.text[v.n - 1 - i];
		return out ? made(out, v.n, true) : unknown;
	}
	if (v.kind != PB_VALUE_LIST)
		return unknown;
	pb_value *items = pb_code_alloc(c, v.n * sizeof *items + 1);
	for (size_t i = 0; items && i < v.n; i++)
		items[i] = v.items[v.n - 1 - i];
	return items ? (pb_value){.kind = PB_VALUE_LIST, .items = items, .n = v.n, .decoded = true} : unknown;
}

pb_value pb_decode_rot13(pb_script *c, pb_value v)
{
	uint8_t *out = v.kind == PB_VALUE_TEXT ? room(c, v.n) : NULL;

	for (size_t i = 0; out && i < v.n; i++) {
		uint8_t b = v.text[i], low = b | 0x20;
		out[i] = low >= 'a' && low <= 'z' ? (uint8_t)((low - 'a' + 13) % 26 + (b & 0x20 ? 'a' : 'A')) : b;
	}
	return out ? made(out, v.n, true) : unknown;
}

pb_value pb_decode_split(pb_script *c, pb_value v, pb_value by)
{
	size_t n = 0, from = 0, step = by.n ? by.n : 1;

	if (v.kind != PB_VALUE_TEXT || by.kind != PB_VALUE_TEXT || v.n > 65536)
		return unknown;
	size_t most = by.n ? 1 : v.n;
	for (size_t i = 0; by.n && i + by.n <= v.n; i++)
		most += memcmp(v.text + i, by.text, by.n) == 0;
	pb_value *items = pb_code_alloc(c, most * sizeof *items + 1);
	if (!items)
		return unknown;
	for (size_t i = 0; i + step <= v.n && n < most; i++) {
		if (by.n && memcmp(v.text + i, by.text, by.n) != 0)
			continue;
		size_t end = by.n ? i : i + 1;
		items[n] = (pb_value){.kind = PB_VALUE_TEXT, .text = v.text + from, .n = end - from};
		n++;
		from = by.n ? i + by.n : end;
		i += by.n ? by.n - 1 : 0;
	}
	if (by.n && n < most) {
		items[n] = (pb_value){.kind = PB_VALUE_TEXT, .text = v.text + from, .n = v.n - from};
		n++;
	}
	return (pb_value){.kind = PB_VALUE_LIST, .items = items, .n = n, .decoded = v.decoded};
}

pb_value pb_decode_join(pb_script *c, pb_value list, pb_value by)
{
	size_t n = 0, at = 0;
	bool decoded = list.decoded;

	if (list.kind != PB_VALUE_LIST || by.kind != PB_VALUE_TEXT)
		return unknown;
	for (size_t i = 0; i < list.n; i++) {
		if (list.items[i].kind != PB_VALUE_TEXT || n > PB_CODE_TEXT || by.n > PB_CODE_TEXT)
			return unknown;
		decoded |= list.items[i].decoded;
		n += list.items[i].n + (i ? by.n : 0);
	}
	uint8_t *out = room(c, n);
	if (!out)
		return unknown;
	for (size_t i = 0; i < list.n; i++) {
		if (i && by.n)
			memcpy(out + at, by.text, by.n), at += by.n;
		if (list.items[i].n)
			memcpy(out + at, list.items[i].text, list.items[i].n), at += list.items[i].n;
	}
	return made(out, n, decoded);
}

pb_value pb_decode_concat(pb_script *c, pb_value a, pb_value b)
{
	if (a.kind == PB_VALUE_NUMBER && b.kind == PB_VALUE_NUMBER) {
		int64_t sum;
		if (__builtin_add_overflow(a.number, b.number, &sum))
			return unknown;
		return (pb_value){.kind = PB_VALUE_NUMBER, .number = sum};
	}
	if (a.kind != PB_VALUE_TEXT || b.kind != PB_VALUE_TEXT)
		return unknown;
	/* "a" + "b" + ...: what was joined last grows where it lies, so that many parts cost what they are long. */
	uint8_t *out = c->tail;
	size_t n = a.n + b.n;
	if (!out || a.text != out || a.n != c->tail_n || n > c->tail_cap) {
		size_t cap = n < PB_CODE_TEXT / 2 ? 2 * n + 16 : n;
		out = room(c, cap);
		if (!out)
			return unknown;
		if (a.n)
			memcpy(out, a.text, a.n);
		c->tail = out;
		c->tail_cap = cap;
	}
	if (b.n)
		memcpy(out + a.n, b.text, b.n);
	c->tail_n = n;
	return made(out, n, a.decoded || b.decoded);
}

pb_value pb_decode_replace(pb_script *c, pb_value v, pb_value what, pb_value with, bool all)
{
	size_t times = 0, n = 0;

	if (v.kind != PB_VALUE_TEXT || what.kind != PB_VALUE_TEXT || with.kind != PB_VALUE_TEXT || what.n == 0 || with.n > 1024)
		return unknown;
	for (size_t i = 0; i + what.n <= v.n && (all || times == 0); i++) {
		if (memcmp(v.text + i, what.text, what.n) == 0) {
			times++;
			i += what.n - 1;
		}
	}
	if (times == 0)
		return v;
	uint8_t *out = room(c, v.n + times * with.n);
	if (!out)
		return unknown;
	for (size_t i = 0; i < v.n;) {
		if (times > 0 && i + what.n <= v.n && memcmp(v.text + i, what.text, what.n) == 0) {
			if (with.n)
				memcpy(out + n, with.text, with.n), n += with.n;
			i += what.n;
			times--;
		} else {
			out[n++] = v.text[i++];
		}
	}
	return made(out, n, true);
}
