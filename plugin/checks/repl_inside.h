/* Private to repl*.c. */
#ifndef PROBITY_CHECKS_REPL_INSIDE_H
#define PROBITY_CHECKS_REPL_INSIDE_H

#include "checks/entry.h"
#include "checks/repl.h"

struct pb_repl {
	pb_catalogue *c;
	pb_repl_host host;
	int env;                  /* registry reference: the globals of lines */
	pb_object_view view;      /* of the object that is looked at; object NULL: none */
	size_t chosen;            /* its number, from 0 */
	const pb_entry *check;    /* whose found and hits; NULL: none */
	const char *near[2];      /* the folder of its own libraries */
	pb_call call;             /* what found raises goes to its out */
	pb_buf *out;              /* while a line runs */
	const char *text;         /* the line */
	size_t n;
	bool more;
	json_t *words;            /* completion: what was found */
	pb_error err;
};

pb_repl *pb_repl_of(lua_State *L);

extern const char pb_repl_objects_type[]; /* the metatable of `objects` */

/* repl_print.c: adds the value at index to r->out, over several lines where it has parts. Raises. */
void pb_repl_print(lua_State *L, int index);
void pb_repl_put(pb_repl *r, const char *text); /* neither raises nor escapes; what is too much is cut */
void pb_repl_putf(pb_repl *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void pb_repl_put_json(pb_repl *r, const json_t *value, int indent); /* without braces and quotes */

/* repl_words.c: what lines have besides Lua: fills the table on top. Raises. */
void pb_repl_words(lua_State *L);
/* Makes object i the one that is looked at; raises. */
void pb_repl_choose(lua_State *L, size_t i);
/* Hits, found and libraries are those of the check that one is. */
void pb_repl_aim(pb_repl *r);
/* What found raised since the last time, as people read it. */
void pb_repl_tell_found(pb_repl *r);

#endif
