/* XML, element by element: the one door to expat. Private to bindings/; no Lua. */
#ifndef PROBITY_BINDINGS_XML_WALK_H
#define PROBITY_BINDINGS_XML_WALK_H

#include "bindings/document.h"

/* What is called for each piece, in order, with d->line and d->column set. false: stop; the document has the reason. Names and
 * text are UTF-8; names with their prefix, as written. */
typedef struct pb_xml_calls {
	/* attributes: name, value, name, value, ..., NULL */
	bool (*start)(void *user, const char *name, const char *const *attributes);
	bool (*text)(void *user, const char *text, size_t n); /* a text may come in several pieces */
	bool (*end)(void *user);
} pb_xml_calls;

/* Nothing outside of the text is read: an entity that it declares to be elsewhere is passed over. Those that it declares itself
 * are replaced, within bounds: at most 64 of them, and at most 16 bytes for each byte of the text, beyond 1 MiB. An unknown one
 * stays as it is written where there is a DTD elsewhere that may know it. 0 or -1. */
int pb_xml_walk(pb_document *d, pb_bytes text, const pb_xml_calls *calls, void *user);

#endif
