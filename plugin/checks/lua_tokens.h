/* The words of a file of Lua, without comments: for lint, which reads files that do not load. Private to checks/. */
#ifndef PROBITY_CHECKS_LUA_TOKENS_H
#define PROBITY_CHECKS_LUA_TOKENS_H

#include "base/bytes.h"

typedef enum pb_token_type { PB_TOKEN_NAME, PB_TOKEN_STRING, PB_TOKEN_NUMBER, PB_TOKEN_MARK } pb_token_type;

typedef struct pb_token {
	pb_token_type type;
	const char *at; /* into the text; of a string what is between its quotes, escapes as written */
	size_t n;
	int line;
} pb_token;

/* All tokens, fresh (free them); text stays. Any bytes are taken: what is no Lua is one mark a byte. NULL: no memory. */
pb_token *pb_lua_tokens(pb_bytes text, size_t *n);

bool pb_token_is(const pb_token *t, const char *text); /* a name or a mark, so spelled */
bool pb_token_same(const pb_token *t, const char *text); /* of any type */

#endif
