/* A growing byte buffer with a ceiling. */
#ifndef PROBITY_BASE_BUF_H
#define PROBITY_BASE_BUF_H

#include "base/bytes.h"

typedef struct pb_buf {
	uint8_t *data; /* owned; always one NUL byte past size once anything was added */
	size_t size, cap;
	size_t max; /* bytes; adding beyond it fails with PB_ELIMIT; 0 = no ceiling */
} pb_buf;

/* {0} is a valid empty buffer without a ceiling. */
void pb_buf_free(pb_buf *b);                           /* frees and zeroes size; max is kept */
int pb_buf_add(pb_buf *b, const void *data, size_t n); /* 0, PB_ENOMEM or PB_ELIMIT (then nothing was added) */
int pb_buf_puts(pb_buf *b, const char *s);
int pb_buf_printf(pb_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
