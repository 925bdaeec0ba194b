/* Values as an administrator writes them: "2G", "500ms", words between blanks. */
#ifndef PROBITY_BASE_VALUE_H
#define PROBITY_BASE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* "4096", "512K", "2G": powers of 1024, the suffix in any case. False where it is none, or more than fits. */
bool pb_value_size(const char *text, int64_t *bytes);

/* "20ms", "60s", "10m", "2h", "400d", "500us", and "0"; a number without its unit is none. */
bool pb_value_duration(const char *text, int64_t *us);

/* How a duration is written in messages and where it is wrong: "60s". */
void pb_value_duration_text(int64_t us, char out[32]);
void pb_value_size_text(int64_t bytes, char out[32]);

/* The words between blanks as a NULL-terminated list (empty text: an empty list). PB_EINPUT above 64 words. */
int pb_value_words(const char *text, char ***out, pb_error *err);
void pb_value_words_free(char **words); /* NULL is fine */

#endif
