#include "object/archive_times.h"

#include <stdlib.h>

#include "base/error.h"

enum { HOUR = 3600 };

int pb_times_add(pb_times *t, int64_t at)
{
	if (at <= 0)
		return PB_OK;
	if (t->n == t->room) {
		size_t room = t->room ? t->room * 2 : 64;
		int64_t *more = room <= SIZE_MAX / sizeof *more ? realloc(t->at, room * sizeof *more) : NULL;
		if (!more)
			return PB_ENOMEM;
		t->at = more;
		t->room = room;
	}
	t->at[t->n++] = at;
	return PB_OK;
}

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

json_t *pb_times_told(pb_times *t)
{
	int64_t last;
	json_int_t late = 1;

	qsort(t->at, t->n, sizeof *t->at, by_time);
	last = t->at[t->n - 1];
	for (size_t i = t->n - 1; i > 0 && last - t->at[i - 1] <= HOUR; i--) /* all are above 0: no overflow */
		late += t->at[i - 1] != t->at[i];
	return json_pack("{s:I,s:I,s:I}", "first", (json_int_t)t->at[0], "last", (json_int_t)last, "late", late);
}

void pb_times_free(pb_times *t)
{
	free(t->at);
	*t = (pb_times){0};
}
