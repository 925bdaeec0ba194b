#include "base/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { WORDS_MAX = 64 };

typedef struct unit {
	const char *name;
	int64_t factor;
} unit;

/* Ascending: the largest that divides is the one to write. */
static const unit times[] = {{"us", 1},
                             {"ms", 1000},
                             {"s", 1000000},
                             {"m", INT64_C(60) * 1000000},
                             {"h", INT64_C(3600) * 1000000},
                             {"d", INT64_C(86400) * 1000000}};
static const unit sizes[] = {{"", 1},
                             {"K", INT64_C(1) << 10},
                             {"M", INT64_C(1) << 20},
                             {"G", INT64_C(1) << 30},
                             {"T", INT64_C(1) << 40}};
enum { TIMES = sizeof times / sizeof *times, SIZES = sizeof sizes / sizeof *sizes };

static bool with_unit(const char *text, const unit *units, size_t n, int64_t *out)
{
	size_t digits = strspn(text, "0123456789");
	char number[24];
	int64_t v;

	if (digits == 0 || digits >= sizeof number)
		return false;
	memcpy(number, text, digits);
	number[digits] = '\0';
	if (!pb_text_int(number, 0, INT64_MAX, &v))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcasecmp(text + digits, units[i].name) == 0)
			return !__builtin_mul_overflow(v, units[i].factor, out);
	return false;
}

bool pb_value_size(const char *text, int64_t *bytes)
{
	return with_unit(text, sizes, SIZES, bytes);
}

bool pb_value_duration(const char *text, int64_t *us)
{
	if (strcmp(text, "0") == 0) {
		*us = 0;
		return true;
	}
	return with_unit(text, times, TIMES, us);
}

static void write_with_unit(int64_t v, const unit *units, size_t n, char out[32])
{
	size_t i = n - 1;

	while (i > 0 && (v == 0 || v % units[i].factor != 0))
		i--;
	(void)snprintf(out, 32, "%" PRId64 "%s", v / units[i].factor, v == 0 ? "" : units[i].name);
}

void pb_value_duration_text(int64_t us, char out[32])
{
	write_with_unit(us, times, TIMES, out);
}

void pb_value_size_text(int64_t bytes, char out[32])
{
	write_with_unit(bytes, sizes, SIZES, out);
}

int pb_value_words(const char *text, char ***out, pb_error *err)
{
	char **words = calloc(WORDS_MAX + 1, sizeof *words);
	size_t n = 0;
	int rc = PB_OK;

	if (words == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	while (rc == PB_OK) {
		size_t length;

		text += strspn(text, " \t");
		length = strcspn(text, " \t");
		if (length == 0)
			break;
		if (n == WORDS_MAX)
			rc = pb_fail(err, PB_EINPUT, "more than %d words", WORDS_MAX);
		else if ((words[n++] = strndup(text, length)) == NULL)
			rc = pb_fail(err, PB_ENOMEM, "out of memory");
		text += length;
	}
	if (rc != PB_OK) {
		pb_value_words_free(words);
		return rc;
	}
	*out = words;
	return PB_OK;
}

void pb_value_words_free(char **words)
{
	for (size_t i = 0; words != NULL && words[i] != NULL; i++)
		free(words[i]);
	free(words);
}
