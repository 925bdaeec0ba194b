#include "base/chain.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

void pb_chain_begin(pb_chain *c)
{
	c->lines = 0;
	memset(c->head, '0', sizeof c->head - 1);
	c->head[sizeof c->head - 1] = '\0';
}

char *pb_chain_add(pb_chain *c, json_t *line)
{
	char digest[65], *text = NULL;

	if (c->lines < INT64_MAX && json_object_set_new(line, "n", json_integer((json_int_t)c->lines + 1)) == 0 &&
	    json_object_set_new(line, "previous", json_string(c->head)) == 0)
		text = pb_json_canonical(line);
	if (text == NULL || !pb_sha256_of((pb_bytes){(const uint8_t *)text, strlen(text)}, digest)) {
		free(text);
		return NULL;
	}
	c->lines++;
	memcpy(c->head, digest, sizeof digest);
	return text;
}

int pb_chain_next(pb_chain *c, pb_bytes text, const json_t *line, pb_error *err)
{
	char digest[65];

	if (!json_is_object(line) || c->lines == INT64_MAX || pb_json_int(line, "n", 0) != c->lines + 1)
		return pb_fail(err, PB_ECORRUPT, "it does not say its number");
	if (strcmp(pb_json_str(line, "previous", ""), c->head) != 0)
		return pb_fail(err, PB_ECORRUPT, "it does not follow the line before");
	if (!pb_sha256_of(text, digest))
		return pb_fail(err, PB_ENOMEM, "out of memory");
	c->lines++;
	memcpy(c->head, digest, sizeof digest);
	return PB_OK;
}
