/* What the modules for structured text have in common: MODULE.decode and MODULE.null. Private to bindings/. */
#ifndef PROBITY_BINDINGS_DECODE_H
#define PROBITY_BINDINGS_DECODE_H

#include "bindings/document.h"
#include "bindings/scope.h"

typedef struct pb_format {
	const char *name; /* "json" */
	pb_reader read;
	const char *const *options; /* names of those that may be true, NULL at the end: bits 0, 1, ... of flags */
	bool utf8;                  /* a text in UTF-8 is refused before it is read, where it is none */
} pb_format;

/* Pushes the module's table: decode and null. format: static. Raises. */
int pb_decode_open(lua_State *L, const pb_format *format);

/* Reads text, which must stay where it is, and pushes the value and a note (or nil); or nil and the reason. Raises. */
int pb_decode_push(lua_State *L, const pb_format *format, pb_bytes text, unsigned flags);

/* decode.c: the metatable of null, and null itself. Raises. */
void pb_null_register(lua_State *L);
void pb_null_push(lua_State *L);

#endif
