/* A document read from hostile text: a tree in C memory, bounded in depth, entries and size, which becomes Lua tables once it
 * is whole. So no reader and no library behind it ever holds memory across a call of Lua. Private to bindings/; no Lua. */
#ifndef PROBITY_BINDINGS_DOCUMENT_H
#define PROBITY_BINDINGS_DOCUMENT_H

#include "base/bytes.h"

enum {
	PB_DOCUMENT_BYTES = 8 << 20,    /* longest text that is read */
	PB_DOCUMENT_DEPTH = 64,         /* lists and tables in each other */
	PB_DOCUMENT_ENTRIES = 100000,   /* values, aliases counted as often as they appear */
	PB_DOCUMENT_STRINGS = 16 << 20, /* bytes of all strings and keys, aliases counted likewise */
};

typedef enum pb_node_type {
	PB_NODE_NULL,
	PB_NODE_BOOLEAN,
	PB_NODE_INTEGER,
	PB_NODE_REAL,
	PB_NODE_STRING, /* any bytes */
	PB_NODE_LIST,
	PB_NODE_TABLE,
	PB_NODE_ELEMENT, /* of XML: string is its name, text its text; children with a key are attributes, without one elements
	                  */
	PB_NODE_ALIAS,   /* stands for `target` */
} pb_node_type;

typedef struct pb_string {
	const char *data;
	size_t size;
} pb_string;

typedef struct pb_node pb_node;
struct pb_node {
	pb_node *parent, *next, *first, *last; /* next: its parent's next child */
	pb_string key;                         /* of a table's entry, an element's attribute; data NULL where there is none */
	pb_string string;
	union {
		bool boolean;
		int64_t integer;
		double real;
		pb_node *target;
		pb_string text;
	} as;
	uint32_t children;
	uint32_t line, column; /* where it was written, from 1; 0: unknown */
	uint8_t type;          /* pb_node_type */
	uint8_t depth;         /* of the root: 0 */
	uint8_t marks;         /* for the reader's own use */
	bool indexed;          /* a table whose entries pb_document_find finds; set before the first of them */
};

typedef struct pb_document {
	pb_node *root;
	uint32_t line, column; /* where the reader is: what is added and what fails is said to be there */
	uint32_t again_line,
	    again_column;   /* of the first key that its table had before; 0: none, or none that the reader knows of */
	bool out_of_memory; /* nothing that the text can be blamed for */
	char reason[200];   /* why it could not be read, "" while all is well; may hold bytes of the text, made printable */
	/* document.c */
	struct pb_chunk *chunks;
	void *index;
	size_t entries, strings;
} pb_document;

pb_document *pb_document_new(void);    /* NULL: out of memory */
void pb_document_free(pb_document *d); /* may be NULL */

/* Readers: 0, or -1 with reason (or out_of_memory) set. text: borrowed during the call, at most PB_DOCUMENT_BYTES, valid UTF-8
 * where the format says so. flags: bits in the order of the format's options. */
typedef int (*pb_reader)(pb_document *d, pb_bytes text, unsigned flags);
int pb_json_read_text(pb_document *d, pb_bytes text, unsigned flags);
int pb_ini_read_text(pb_document *d, pb_bytes text, unsigned flags);
int pb_toml_read(pb_document *d, pb_bytes text, unsigned flags);
int pb_yaml_read(pb_document *d, pb_bytes text, unsigned flags);
int pb_xml_read(pb_document *d, pb_bytes text, unsigned flags);
int pb_plist_read(pb_document *d, pb_bytes text, unsigned flags);

/* A new last child of parent, at d->line and d->column; parent NULL: the root. key NULL: none. NULL: a limit, or no memory. */
pb_node *pb_document_add(pb_document *d, pb_node *parent, pb_node_type type, const void *key, size_t key_size);
/* Copies bytes into the document's memory. false: a limit, or no memory. */
bool pb_document_copy(pb_document *d, const void *bytes, size_t size, pb_string *out);
pb_node *pb_document_add_string(pb_document *d, pb_node *parent, const void *key, size_t key_size, const void *bytes, size_t n);
/* The first entry of that key in an indexed table, or NULL. */
pb_node *pb_document_find(const pb_document *d, const pb_node *table, const void *key, size_t key_size);
/* Makes node stand for target, which must be whole: what is in it counts again. */
bool pb_document_alias(pb_document *d, pb_node *node, pb_node *target);

/* "line 3, column 7: ..." for d->line and d->column (without where they are 0). Returns -1. The first reason stays. */
int pb_document_fail(pb_document *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int pb_document_no_memory(pb_document *d); /* returns -1 */
/* Sets d->line and d->column to the place of an offset: columns count characters. */
void pb_document_place(pb_document *d, pb_bytes text, size_t at);
/* Writes the character c (no surrogate, at most 0x10ffff) as UTF-8; returns its length. */
size_t pb_utf8_put(uint32_t c, char out[4]);
/* false, with a reason: not UTF-8, or a NUL byte. */
bool pb_document_utf8(pb_document *d, pb_bytes text);

#endif
