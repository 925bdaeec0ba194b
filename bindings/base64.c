#include "bindings/base64.h"

int pb_base64_value(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

bool pb_base64_take(pb_base64 *b, int value, uint8_t *out)
{
	b->bits = (b->bits << 6 | (uint32_t)value) & 0xffff;
	b->n_bits += 6;
	b->digits = (b->digits + 1) & 3;
	if (b->n_bits < 8)
		return false;
	b->n_bits -= 8;
	*out = (uint8_t)(b->bits >> b->n_bits);
	return true;
}

bool pb_base64_done(const pb_base64 *b, int padding, bool may_miss)
{
	if (b->digits == 1)
		return false;
	return padding == (4 - b->digits) % 4 || (may_miss && padding == 0);
}
