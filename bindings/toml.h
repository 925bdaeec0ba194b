/* TOML 1.0 from inside: toml.c knows keys, tables and lists, toml_value.c what a scalar is. Private to bindings/; no Lua. */
#ifndef PROBITY_BINDINGS_TOML_H
#define PROBITY_BINDINGS_TOML_H

#include "base/buf.h"
#include "base/error.h"
#include "bindings/document.h"

typedef struct pb_toml {
	pb_document *d;
	const uint8_t *at, *end;
	const uint8_t *counted; /* the characters of the line before this are in `column` */
	uint32_t line, column;
	pb_buf string; /* the string, or the part of a key, that was read last */
	pb_buf key;    /* the key whose value comes next */
} pb_toml;

static inline int pb_toml_peek(const pb_toml *t) /* -1: the end */
{
	return t->at < t->end ? *t->at : -1;
}

bool pb_toml_refuse(pb_toml *t, const char *what); /* false; the reason is `what`, at t->at */
void pb_toml_place(pb_toml *t);                    /* what is added next is at t->at */
void pb_toml_blanks(pb_toml *t);                   /* passes blanks and tabs */
bool pb_toml_end_line(pb_toml *t);                 /* passes one end of a line; false: there is none */
bool pb_toml_control(int c);                       /* may stand in no string and no comment */

/* A new node under t->key (keyed), or without a key. */
pb_node *pb_toml_add(pb_toml *t, pb_node *parent, pb_node_type type, bool keyed);

/* toml_value.c: a string of any of the four kinds, at its first quote, into t->string. many: may it have several lines? */
bool pb_toml_string(pb_toml *t, bool many);
/* toml_value.c: what is neither string nor list nor table: a number, a date, true, false. Adds it to parent. */
bool pb_toml_scalar(pb_toml *t, pb_node *parent, bool keyed);

#endif
