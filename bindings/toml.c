/* require "probity.toml": TOML 1.0 as tables, by a reader of its own (Debian has no C library for it).
 *
 *   toml.decode(text or object) -> table | nil, reason      toml.null
 *
 * Dates and times are strings, as written ("2024-01-31T10:00:00Z"; date.parse reads them). An integer beyond 64 bits and a key
 * that is given twice are refused, as TOML wants. There is no null in TOML. */
#include "bindings/toml.h"

#include <string.h>

#include "bindings/decode.h"

/* How a table or a list came to be; 0: a header named what is in it. */
enum {
	HEADER = 1, /* a header of its own: not a second time */
	DOTTED = 2, /* by a dotted key: only other dotted keys add to it */
	CLOSED = 4, /* written as a value: nobody adds to it */
	TABLES = 8, /* a list, by [[headers]] */
};

bool pb_toml_control(int c)
{
	return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f;
}

void pb_toml_place(pb_toml *t)
{
	for (; t->counted < t->at; t->counted++)
		t->column += (*t->counted & 0xc0) != 0x80;
	t->d->line = t->line;
	t->d->column = t->column;
}

bool pb_toml_refuse(pb_toml *t, const char *what)
{
	pb_toml_place(t);
	(void)pb_document_fail(t->d, "%s", what);
	return false;
}

void pb_toml_blanks(pb_toml *t)
{
	while (t->at < t->end && (*t->at == ' ' || *t->at == '\t'))
		t->at++;
}

bool pb_toml_end_line(pb_toml *t)
{
	size_t n = t->at < t->end && *t->at == '\r' ? 2 : 1;

	if ((size_t)(t->end - t->at) < n || t->at[n - 1] != '\n')
		return false;
	t->at += n;
	t->line++;
	t->column = 1;
	t->counted = t->at;
	return true;
}

pb_node *pb_toml_add(pb_toml *t, pb_node *parent, pb_node_type type, bool keyed)
{
	const char *key = t->key.size > 0 ? (const char *)t->key.data : "";
	pb_node *n = pb_document_add(t->d, parent, type, keyed ? key : NULL, t->key.size);

	if (n != NULL)
		n->indexed = type == PB_NODE_TABLE;
	return n;
}

static bool pass_comment(pb_toml *t)
{
	pb_toml_blanks(t);
	if (pb_toml_peek(t) != '#')
		return true;
	while (t->at < t->end && !pb_toml_control(*t->at))
		t->at++;
	return t->at == t->end || *t->at == '\n' || (*t->at == '\r' && t->end - t->at > 1 && t->at[1] == '\n') ||
	       pb_toml_refuse(t, "a control character in a comment");
}

static bool pass_lines(pb_toml *t)
{
	do {
		if (!pass_comment(t))
			return false;
	} while (pb_toml_end_line(t));
	return true;
}

static bool bare(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* One part of a key into t->key; what is added or fails next is where it begins. *more: a dot follows, which is passed. */
static bool key_part(pb_toml *t, bool *more)
{
	const uint8_t *from;
	pb_buf before = t->key;

	pb_toml_blanks(t);
	from = t->at;
	pb_toml_place(t);
	if (pb_toml_peek(t) == '"' || pb_toml_peek(t) == '\'') {
		if (!pb_toml_string(t, false))
			return false;
	} else {
		while (bare(pb_toml_peek(t)))
			t->at++;
		if (t->at == from)
			return pb_toml_refuse(t, "a key is missing here");
		t->string.size = 0;
		if (pb_buf_add(&t->string, from, (size_t)(t->at - from)) != PB_OK)
			return pb_document_no_memory(t->d) == 0;
	}
	t->key = t->string;
	t->string = before;
	pb_toml_blanks(t);
	*more = pb_toml_peek(t) == '.';
	t->at += *more;
	return true;
}

static pb_node *find(const pb_toml *t, const pb_node *table)
{
	return pb_document_find(t->d, table, t->key.size > 0 ? (const char *)t->key.data : "", t->key.size);
}

static pb_node *add_table(pb_toml *t, pb_node *parent, bool keyed, uint8_t marks)
{
	pb_node *n = pb_toml_add(t, parent, PB_NODE_TABLE, keyed);

	if (n != NULL)
		n->marks = marks;
	return n;
}

/* A part of a header's name that is not its last. */
static pb_node *through(pb_toml *t, pb_node *table)
{
	pb_node *n = find(t, table);

	if (n == NULL)
		return add_table(t, table, true, 0);
	if (n->type == PB_NODE_LIST && n->marks == TABLES)
		return n->last;
	if (n->type == PB_NODE_TABLE && n->marks != CLOSED)
		return n;
	(void)pb_document_fail(t->d, "a header through a key that has a value already");
	return NULL;
}

/* The last part of [name] or [[name]]: the table that is opened. */
static pb_node *open_table(pb_toml *t, pb_node *table, bool of_list)
{
	pb_node *n = find(t, table);

	if (of_list) {
		if (n == NULL) {
			n = pb_toml_add(t, table, PB_NODE_LIST, true);
			if (n == NULL)
				return NULL;
			n->marks = TABLES;
		}
		if (n->type == PB_NODE_LIST && n->marks == TABLES)
			return add_table(t, n, false, HEADER);
	} else if (n == NULL) {
		return add_table(t, table, true, HEADER);
	} else if (n->type == PB_NODE_TABLE && n->marks == 0) {
		n->marks = HEADER;
		return n;
	}
	(void)pb_document_fail(t->d, "a header for a key that is defined already");
	return NULL;
}

/* [a.b] or [[a.b]], at its bracket. The table that the lines below it fill, or NULL. */
static pb_node *header(pb_toml *t)
{
	bool of_list = t->end - t->at > 1 && t->at[1] == '[', more = true;
	pb_node *table = t->d->root;

	t->at += of_list ? 2 : 1;
	while (more) {
		if (!key_part(t, &more))
			return NULL;
		table = more ? through(t, table) : open_table(t, table, of_list);
		if (table == NULL)
			return NULL;
	}
	for (int i = 0; i < 1 + of_list; i++, t->at++) {
		if (pb_toml_peek(t) != ']') {
			(void)pb_toml_refuse(t, "a header without its \"]\"");
			return NULL;
		}
	}
	return table;
}

static bool value(pb_toml *t, pb_node *parent, bool keyed);

/* key = value, or a.b = value. */
static bool pair(pb_toml *t, pb_node *table)
{
	for (bool more = true;;) {
		pb_node *n;

		if (!key_part(t, &more))
			return false;
		n = find(t, table);
		if (!more && n == NULL)
			break;
		if (more && n == NULL)
			n = add_table(t, table, true, DOTTED);
		else if (!more || n->type != PB_NODE_TABLE || n->marks != DOTTED)
			return pb_document_fail(t->d, "a key that is defined already") == 0;
		if (n == NULL)
			return false;
		table = n;
	}
	if (pb_toml_peek(t) != '=')
		return pb_toml_refuse(t, "a key without \"=\"");
	t->at++;
	pb_toml_blanks(t);
	return value(t, table, true);
}

/* At its bracket. */
static bool list(pb_toml *t, pb_node *parent, bool keyed)
{
	pb_node *n = pb_toml_add(t, parent, PB_NODE_LIST, keyed);

	if (n == NULL)
		return false;
	n->marks = CLOSED;
	do {
		t->at++;
		if (!pass_lines(t))
			return false;
		if (pb_toml_peek(t) == ']')
			break;
		if (!value(t, n, false) || !pass_lines(t))
			return false;
	} while (pb_toml_peek(t) == ',');
	if (pb_toml_peek(t) != ']')
		return pb_toml_refuse(t, "a list goes on with \",\" or ends with \"]\"");
	t->at++;
	return true;
}

/* At its brace. */
static bool table_value(pb_toml *t, pb_node *parent, bool keyed)
{
	pb_node *n = add_table(t, parent, keyed, 0);

	if (n == NULL)
		return false;
	t->at++;
	pb_toml_blanks(t);
	if (pb_toml_peek(t) != '}') {
		for (;;) {
			if (!pair(t, n))
				return false;
			pb_toml_blanks(t);
			if (pb_toml_peek(t) != ',')
				break;
			t->at++;
		}
	}
	if (pb_toml_peek(t) != '}')
		return pb_toml_refuse(t, "a table in one line goes on with \",\" or ends with \"}\"");
	t->at++;
	n->marks = CLOSED;
	return true;
}

/* As deep as lists and tables are in each other: at most PB_DOCUMENT_DEPTH. */
static bool value(pb_toml *t, pb_node *parent, bool keyed)
{
	pb_node *n;

	pb_toml_place(t);
	switch (pb_toml_peek(t)) {
	case '[':
		return list(t, parent, keyed);
	case '{':
		return table_value(t, parent, keyed);
	case '"':
	case '\'':
		n = pb_toml_add(t, parent, PB_NODE_STRING, keyed);
		return n != NULL && pb_toml_string(t, true) &&
		       pb_document_copy(t->d, t->string.data, t->string.size, &n->string);
	default:
		return pb_toml_scalar(t, parent, keyed);
	}
}

static bool run(pb_toml *t)
{
	pb_node *table = t->d->root;

	for (;;) {
		if (!pass_lines(t))
			return false;
		if (t->at == t->end)
			return true;
		if (*t->at == '[')
			table = header(t);
		else if (!pair(t, table))
			return false;
		if (table == NULL || !pass_comment(t))
			return false;
		if (t->at < t->end && !pb_toml_end_line(t))
			return pb_toml_refuse(t, "more on a line that should end here");
	}
}

int pb_toml_read(pb_document *d, pb_bytes text, unsigned flags)
{
	pb_toml t = {.d = d, .at = text.data, .end = text.data + text.size, .counted = text.data, .line = 1, .column = 1};
	bool done;

	(void)flags;
	done = add_table(&t, NULL, false, HEADER) != NULL && run(&t);
	pb_buf_free(&t.string);
	pb_buf_free(&t.key);
	return done ? 0 : -1;
}

static const char *const options[] = {NULL};
static const pb_format toml = {"toml", pb_toml_read, options, true};

/** | `toml` | TOML 1.0; dates and times are strings as written (`date.parse` reads them). A key given twice is
 *   refused, as TOML wants */
int pb_open_toml(lua_State *L)
{
	return pb_decode_open(L, &toml);
}
