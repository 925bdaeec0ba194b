/* Private to this room: AndroidManifest.xml as it is in packages, element by element. */
#ifndef PROBITY_FACTS_ANDROID_XML_H
#define PROBITY_FACTS_ANDROID_XML_H

#include "base/bytes.h"

enum { PB_AXML_TEXT = 256 };

typedef struct pb_axml_pool {
	pb_bytes b; /* the whole chunk */
	uint32_t n, start;
	bool utf8;
} pb_axml_pool;

typedef struct pb_axml {
	pb_bytes b;
	pb_axml_pool pool;
	uint64_t at;
	uint32_t chunks; /* so far */
} pb_axml;

typedef struct pb_axml_element {
	bool end; /* </x> */
	char name[PB_AXML_TEXT];
	pb_bytes chunk;
} pb_axml_element;

/* false: the bytes are no such file. */
bool pb_axml_open(pb_bytes bytes, pb_axml *out);
/* The next start or end of an element; false: there is none. */
bool pb_axml_next(pb_axml *x, pb_axml_element *out);
/* The text of an attribute, "" where it has none (a reference to a resource, a number, a name that is no plain ASCII). Returns its bytes. */
size_t pb_axml_text(const pb_axml *x, const pb_axml_element *e, const char *name, char out[PB_AXML_TEXT]);
/* The value of a number or a boolean (-1: true). false: there is none. */
bool pb_axml_number(const pb_axml *x, const pb_axml_element *e, const char *name, int32_t *out);

#endif
