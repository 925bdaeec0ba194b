#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

void pb_buf_free(pb_buf *b)
{
	free(b->data);
	b->data = NULL;
	b->size = b->cap = 0;
}

/* Room for n more bytes and the NUL after them. */
static int reserve(pb_buf *b, size_t n)
{
	size_t need, cap = b->cap;
	uint8_t *data;

	if (__builtin_add_overflow(b->size, n, &need) || need >= SIZE_MAX / 2)
		return PB_ENOMEM;
	if (b->max != 0 && need > b->max)
		return PB_ELIMIT;
	if (need < cap)
		return PB_OK;
	if (cap < 64)
		cap = 64;
	while (cap <= need)
		cap *= 2;
	data = realloc(b->data, cap);
	if (data == NULL)
		return PB_ENOMEM;
	b->data = data;
	b->cap = cap;
	return PB_OK;
}

int pb_buf_add(pb_buf *b, const void *data, size_t n)
{
	int rc = reserve(b, n);

	if (rc != PB_OK)
		return rc;
	if (n > 0)
		memcpy(b->data + b->size, data, n);
	b->size += n;
	b->data[b->size] = 0;
	return PB_OK;
}

int pb_buf_puts(pb_buf *b, const char *s)
{
	return pb_buf_add(b, s, strlen(s));
}

int pb_buf_printf(pb_buf *b, const char *fmt, ...)
{
	va_list args, again;
	int n, rc;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	rc = n < 0 ? PB_ENOMEM : reserve(b, (size_t)n);
	if (rc == PB_OK) {
		(void)vsnprintf((char *)b->data + b->size, (size_t)n + 1, fmt, again);
		b->size += (size_t)n;
	}
	va_end(again);
	va_end(args);
	return rc;
}
