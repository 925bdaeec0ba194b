#include "object/path.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"

void pb_path_free(pb_path *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->part[i]);
	*p = (pb_path){0};
}

int pb_path_copy(const pb_path *from, pb_path *to)
{
	*to = (pb_path){0};
	for (; to->n < from->n; to->n++) {
		to->part[to->n] = strdup(from->part[to->n]);
		if (to->part[to->n] == NULL) {
			pb_path_free(to);
			return PB_ENOMEM;
		}
	}
	return PB_OK;
}

/* A part of bounded length. What comes in is display form already, but perhaps too long. */
static char *bounded(const char *part)
{
	size_t n = strlen(part);
	char *copy;

	if (n <= PB_PATH_PART)
		return strdup(part);
	copy = malloc(PB_PATH_PART + 1);
	if (copy == NULL)
		return NULL;
	n = PB_PATH_PART - 3;
	while (n > 0 && ((unsigned char)part[n] & 0xc0) == 0x80)
		n--; /* never inside a character */
	memcpy(copy, part, n);
	memcpy(copy + n, "\xe2\x80\xa6", 4);
	return copy;
}

int pb_path_push(pb_path *p, const char *part)
{
	char *copy;

	if (p->n >= PB_PATH_DEPTH)
		return PB_ELIMIT;
	copy = bounded(part);
	if (copy == NULL)
		return PB_ENOMEM;
	p->part[p->n++] = copy;
	return PB_OK;
}

void pb_path_pop(pb_path *p)
{
	if (p->n == 0)
		return;
	free(p->part[--p->n]);
	p->part[p->n] = NULL;
}

json_t *pb_path_json(const pb_path *p)
{
	json_t *array = json_array();

	for (size_t i = 0; array != NULL && i < p->n; i++) {
		if (json_array_append_new(array, json_string(p->part[i])) != 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

char *pb_path_join(const pb_path *p, const char *separator)
{
	pb_buf out = {0};
	int rc = pb_buf_add(&out, "", 0);

	for (size_t i = 0; rc == PB_OK && i < p->n; i++) {
		if (i > 0)
			rc = pb_buf_puts(&out, separator);
		if (rc == PB_OK)
			rc = pb_buf_puts(&out, p->part[i]);
	}
	if (rc != PB_OK) {
		pb_buf_free(&out);
		return NULL;
	}
	return (char *)out.data;
}
