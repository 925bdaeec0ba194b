/* require "probity.ini": INI files as tables, by inih.
 *
 *   ini.decode(text or object [, { entries = true, multiline = true }]) -> table, note | nil, reason      ini.null
 *
 * { [section] = { [key] = value } }; keys before the first section are in "". Sections of one name are one; of equal keys the
 * last counts, and the note says so. Values are strings, never null. entries    a list of { section, key, value, line } in the
 * order of the file, nothing merged: for files in which keys repeat multiline  an indented line goes on with the value above it
 * (setup.cfg); without, it is a key of its own (.gitconfig) A line of more than 4096 bytes or a section's name of more than 48
 * is refused. */
#include "base/ini.h"

#include <string.h>

#include "base/buf.h"
#include "bindings/decode.h"

enum { ENTRIES = 1, MULTILINE = 2 };

typedef struct reader {
	pb_document *d;
	bool entries, continued;
	pb_node *last; /* waits for its value, of which more lines may come */
	pb_buf value;
} reader;

/* The value that is whole now goes to its key. */
static bool flush(reader *r)
{
	bool done = r->last == NULL || pb_document_copy(r->d, r->value.data, r->value.size, &r->last->string);

	r->last = NULL;
	r->value.size = 0;
	return done;
}

static bool gather(reader *r, const char *line)
{
	if (pb_buf_puts(&r->value, line) == PB_OK)
		return true;
	(void)pb_document_no_memory(r->d);
	return false;
}

static pb_node *add_text(reader *r, pb_node *parent, const char *key, const char *text)
{
	return pb_document_add_string(r->d, parent, key, strlen(key), text, strlen(text));
}

/* One of the list: { section =, key =, value =, line = } */
static bool add_entry(reader *r, const char *section, const char *key, int line)
{
	pb_node *entry = pb_document_add(r->d, r->d->root, PB_NODE_TABLE, NULL, 0), *number;

	if (entry == NULL || add_text(r, entry, "section", section) == NULL || add_text(r, entry, "key", key) == NULL)
		return false;
	number = pb_document_add(r->d, entry, PB_NODE_INTEGER, "line", 4);
	if (number == NULL)
		return false;
	number->as.integer = line;
	r->last = pb_document_add(r->d, entry, PB_NODE_STRING, "value", 5);
	return r->last != NULL;
}

static bool add_key(reader *r, const char *section, const char *key)
{
	pb_node *table = pb_document_find(r->d, r->d->root, section, strlen(section));

	if (table == NULL)
		table = pb_document_add(r->d, r->d->root, PB_NODE_TABLE, section, strlen(section));
	r->last = table != NULL ? pb_document_add(r->d, table, PB_NODE_STRING, key, strlen(key)) : NULL;
	return r->last != NULL;
}

static int each(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	reader *r = user;
	bool done;

	(void)err; /* the document has the words */
	r->d->line = (uint32_t)line;
	r->d->column = 1;
	if (r->continued && r->last != NULL)
		done = gather(r, "\n") && gather(r, value);
	else
		done =
		    flush(r) && (r->entries ? add_entry(r, section, key, line) : add_key(r, section, key)) && gather(r, value);
	return done ? PB_OK : PB_EINPUT;
}

int pb_ini_read_text(pb_document *d, pb_bytes text, unsigned flags)
{
	reader r = {.d = d, .entries = (flags & ENTRIES) != 0};
	pb_error err = {0};
	int line = 0, rc;
	bool done = false;

	if (pb_document_add(d, NULL, r.entries ? PB_NODE_LIST : PB_NODE_TABLE, NULL, 0) == NULL)
		return -1;
	d->root->indexed = !r.entries;
	rc = pb_ini_parse(text, each, &r, &line, (flags & MULTILINE) != 0 ? &r.continued : NULL, &err);
	if (rc == PB_OK)
		done = flush(&r);
	else if (rc == PB_ENOMEM)
		(void)pb_document_no_memory(d);
	else if (d->reason[0] == '\0') {
		d->line = (uint32_t)line;
		d->column = 1;
		(void)pb_document_fail(d, "%s", err.text);
	}
	pb_buf_free(&r.value);
	return done ? 0 : -1;
}

static const char *const options[] = {"entries", "multiline", NULL};
static const pb_format ini = {"ini", pb_ini_read_text, options, true};

/** | `ini` | `{ [section] = { [key] = value } }`, keys before the first section in `""`; values are strings. `{
 *   entries = true }`: a list of `section`, `key`, `value`, `line` in the order of the file, for files in which keys
 *   repeat (systemd's units). `{ multiline = true }`: an indented line goes on with the value above it
 *   (`setup.cfg`); without, it is a key of its own (`.gitconfig`). Lines of at most 4096 bytes */
int pb_open_ini(lua_State *L)
{
	return pb_decode_open(L, &ini);
}
