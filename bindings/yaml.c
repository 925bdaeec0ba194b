/* require "probity.yaml": YAML as tables, by libyaml.
 *
 *   yaml.decode(text or object [, { all = true }]) -> value, note | nil, reason      yaml.null
 *
 * YAML's core schema: null, true, false, integers, numbers; everything else is a string, also "yes", and what has a tag of its
 * own
 * (!Ref x). An integer beyond 64 bits stays the string that it was written as. Keys are strings, as written; "<<" is a key like
 * others. An alias gives a copy, which counts against the limits.
 *   all   a list of all documents of the text; without, a second document is refused */
#include <string.h>
#include <yaml.h>

#include "bindings/decode.h"
#include "bindings/yaml_scalar.h"

enum { ALL = 1 };

typedef struct reader {
	pb_document *d;
	pb_bytes text;
	yaml_parser_t parser;
	bool all;
	pb_node *documents; /* the list of them, where all are wanted */
	pb_node *at;        /* the list or table that is open; NULL outside */
	pb_node *anchors;   /* a table apart: name -> alias of what it names */
	pb_string key;      /* of the entry whose value comes next; data NULL: a key comes next */
	bool done;
} reader;

static bool refuse(reader *r, const char *what)
{
	(void)pb_document_fail(r->d, "%s", what);
	return false;
}

/* What libyaml says, and where: its reader knows an offset, its scanner and its parser a mark. */
static bool explain(reader *r)
{
	const yaml_parser_t *p = &r->parser;

	if (p->error == YAML_MEMORY_ERROR)
		return pb_document_no_memory(r->d) == 0;
	if (p->error == YAML_READER_ERROR) {
		pb_document_place(r->d, r->text, p->problem_offset);
	} else {
		r->d->line = (uint32_t)p->problem_mark.line + 1;
		r->d->column = (uint32_t)p->problem_mark.column + 1;
	}
	return refuse(r, p->problem != NULL ? p->problem : "not YAML");
}

/* A new node where the event stands. */
static pb_node *add(reader *r, pb_node_type type)
{
	pb_string key = r->key;
	pb_node *n;

	if (r->at != NULL && r->at->type == PB_NODE_TABLE) {
		r->key.data = NULL;
		return pb_document_add(r->d, r->at, type, key.data, key.size);
	}
	n = pb_document_add(r->d, r->at, type, NULL, 0);
	return n;
}

/* Remembers what an anchor names from here on. */
static bool name_it(reader *r, const yaml_char_t *anchor, pb_node *n)
{
	size_t size;
	pb_node *alias;

	if (anchor == NULL)
		return true;
	size = strlen((const char *)anchor);
	alias = pb_document_find(r->d, r->anchors, anchor, size);
	if (alias == NULL)
		alias = pb_document_add(r->d, r->anchors, PB_NODE_ALIAS, anchor, size);
	if (alias != NULL)
		alias->as.target = n;
	return alias != NULL;
}

static bool alias(reader *r, const yaml_char_t *anchor)
{
	const pb_node *name = pb_document_find(r->d, r->anchors, anchor, strlen((const char *)anchor));
	pb_node *target = name != NULL ? name->as.target : NULL, *n;

	if (target == NULL)
		return refuse(r, "an alias that names nothing");
	if (r->at != NULL && r->at->type == PB_NODE_TABLE && r->key.data == NULL) {
		if (target->type != PB_NODE_STRING)
			return refuse(r, "a key that is no string");
		r->key = target->string;
		return true;
	}
	for (const pb_node *up = r->at; up != NULL; up = up->parent)
		if (up == target)
			return refuse(r, "an alias inside of what it names");
	n = add(r, PB_NODE_ALIAS);
	return n != NULL && pb_document_alias(r->d, n, target);
}

static bool scalar(reader *r, const yaml_event_t *e)
{
	pb_yaml_scalar s = {.text = (const char *)e->data.scalar.value,
	                    .size = e->data.scalar.length,
	                    .tag = (const char *)e->data.scalar.tag,
	                    .plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE};
	pb_node *n;

	if (r->at != NULL && r->at->type == PB_NODE_TABLE && r->key.data == NULL) {
		if (!pb_document_copy(r->d, s.text, s.size, &r->key))
			return false;
		if (e->data.scalar.anchor == NULL)
			return true;
		/* an anchor on a key: the key itself lies in no table */
		n = pb_document_add_string(r->d, r->anchors, "", 0, s.text, s.size);
		return n != NULL && name_it(r, e->data.scalar.anchor, n);
	}
	if (!pb_yaml_resolve(&s))
		return refuse(r, "a value that is not what its tag says");
	n = add(r, s.type);
	if (n == NULL || !name_it(r, e->data.scalar.anchor, n))
		return false;
	if (s.type == PB_NODE_STRING)
		return pb_document_copy(r->d, s.text, s.size, &n->string);
	if (s.type == PB_NODE_REAL)
		n->as.real = s.real;
	else if (s.type == PB_NODE_INTEGER)
		n->as.integer = s.integer;
	else
		n->as.boolean = s.boolean;
	return true;
}

static bool open_node(reader *r, pb_node_type type, const yaml_char_t *anchor)
{
	pb_node *n;

	if (r->at != NULL && r->at->type == PB_NODE_TABLE && r->key.data == NULL)
		return refuse(r, "a key that is no string");
	n = add(r, type);
	if (n == NULL || !name_it(r, anchor, n))
		return false;
	r->at = n;
	return true;
}

static bool begin_document(reader *r)
{
	if (r->done && !r->all)
		return refuse(r, "a second document: { all = true } gives all of them");
	r->anchors = pb_document_add(r->d, NULL, PB_NODE_TABLE, NULL, 0); /* of this document alone */
	if (r->anchors == NULL)
		return false;
	r->anchors->indexed = true;
	r->d->root = r->documents;
	r->at = r->documents;
	return true;
}

static bool take(reader *r, const yaml_event_t *e)
{
	r->d->line = (uint32_t)e->start_mark.line + 1;
	r->d->column = (uint32_t)e->start_mark.column + 1;
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		return begin_document(r);
	case YAML_DOCUMENT_END_EVENT:
		r->done = true;
		return true;
	case YAML_ALIAS_EVENT:
		return alias(r, e->data.alias.anchor);
	case YAML_SCALAR_EVENT:
		return scalar(r, e);
	case YAML_SEQUENCE_START_EVENT:
		return open_node(r, PB_NODE_LIST, e->data.sequence_start.anchor);
	case YAML_MAPPING_START_EVENT:
		return open_node(r, PB_NODE_TABLE, e->data.mapping_start.anchor);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		r->at = r->at->parent;
		return true;
	default:
		return true;
	}
}

static bool run(reader *r)
{
	yaml_event_t e;
	bool good = true, last = false;

	while (good && !last) {
		if (!yaml_parser_parse(&r->parser, &e))
			return explain(r);
		last = e.type == YAML_STREAM_END_EVENT;
		good = take(r, &e);
		yaml_event_delete(&e);
	}
	return good;
}

int pb_yaml_read(pb_document *d, pb_bytes text, unsigned flags)
{
	reader r = {.d = d, .text = text, .all = (flags & ALL) != 0};
	bool good;

	if (!yaml_parser_initialize(&r.parser))
		return pb_document_no_memory(d);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, text.data, text.size);
	if (r.all)
		r.documents = pb_document_add(d, NULL, PB_NODE_LIST, NULL, 0);
	good = (!r.all || r.documents != NULL) && run(&r);
	if (good && d->root == NULL) /* no document at all */
		good = pb_document_add(d, NULL, PB_NODE_NULL, NULL, 0) != NULL;
	yaml_parser_delete(&r.parser);
	return good ? 0 : -1;
}

static const char *const options[] = {"all", NULL};
static const pb_format yaml = {"yaml", pb_yaml_read, options, true};

/** | `yaml` | the core schema: `yes`, `on` and `017` are no booleans and no octal; an integer beyond 64 bits stays a
 *   string; what has a tag of its own (`!Ref x`) is a string. Keys are strings, as written; `<<` is a key like
 *   others. An alias is a copy and counts against the limits. `{ all = true }`: a list of all documents; without, a
 *   second one is refused */
int pb_open_yaml(lua_State *L)
{
	return pb_decode_open(L, &yaml);
}
