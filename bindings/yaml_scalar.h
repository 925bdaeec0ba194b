/* YAML's core schema: what a scalar is. Private to bindings/; no Lua. */
#ifndef PROBITY_BINDINGS_YAML_SCALAR_H
#define PROBITY_BINDINGS_YAML_SCALAR_H

#include "bindings/document.h"

typedef struct pb_yaml_scalar {
	const char *text; /* NUL-terminated, may hold more NULs */
	size_t size;
	const char *tag; /* NULL: none */
	bool plain;      /* without quotes */
	pb_node_type type;
	int64_t integer;
	double real;
	bool boolean;
} pb_yaml_scalar;

/* Sets type and, by it, integer, real or boolean. false: a tag of the core schema that the text does not fit. */
bool pb_yaml_resolve(pb_yaml_scalar *s);

#endif
