/* require "probity.xml": XML as tables, by expat.
 *
 *   xml.decode(text or object) -> element | nil, reason      xml.null
 *
 * An element is { name = "a:b", attributes = { [name] = value }, text = "...", children = { element, ... } }. Names are as
 * written: prefixes are not resolved. text is all text directly in the element, in order; where it has children and nothing but
 * blanks,
 * "". Comments and processing instructions are left out. No other file is ever read; entities that the text declares itself are
 * replaced within bounds (xml_walk.h). UTF-8, UTF-16, ISO-8859-1 and ASCII. */
#include "bindings/xml_walk.h"

#include <string.h>

#include "base/buf.h"
#include "bindings/decode.h"

typedef struct reader {
	pb_document *d;
	pb_node *at;                        /* the element that is open */
	pb_buf text[PB_DOCUMENT_DEPTH + 1]; /* of the open elements, by depth */
	size_t total;
} reader;

static bool start(void *user, const char *name, const char *const *attributes)
{
	reader *r = user;
	pb_node *n = pb_document_add(r->d, r->at, PB_NODE_ELEMENT, NULL, 0);

	if (n == NULL || !pb_document_copy(r->d, name, strlen(name), &n->string))
		return false;
	for (; attributes[0] != NULL; attributes += 2)
		if (pb_document_add_string(r->d, n, attributes[0], strlen(attributes[0]), attributes[1],
		                           strlen(attributes[1])) == NULL)
			return false;
	r->text[n->depth].size = 0;
	r->at = n;
	return true;
}

static bool text(void *user, const char *text, size_t n)
{
	reader *r = user;

	if (r->at == NULL)
		return true;
	r->total += n;
	if (r->total > PB_DOCUMENT_STRINGS)
		return pb_document_fail(r->d, "limit size: more than %d bytes of text", PB_DOCUMENT_STRINGS) == 0;
	return pb_buf_add(&r->text[r->at->depth], text, n) == PB_OK || pb_document_no_memory(r->d) == 0;
}

static bool blank(const pb_buf *b)
{
	for (size_t i = 0; i < b->size; i++)
		if (strchr(" \t\r\n", b->data[i]) == NULL || b->data[i] == '\0')
			return false;
	return true;
}

static bool end(void *user)
{
	reader *r = user;
	pb_node *n = r->at;
	const pb_buf *b = &r->text[n->depth];
	bool layout = n->last != NULL && n->last->key.data == NULL && blank(b); /* attributes come before elements */

	r->at = n->parent;
	return pb_document_copy(r->d, b->data, layout ? 0 : b->size, &n->as.text);
}

static const pb_xml_calls calls = {start, text, end};

int pb_xml_read(pb_document *d, pb_bytes bytes, unsigned flags)
{
	reader r = {.d = d};
	int rc;

	(void)flags;
	rc = pb_xml_walk(d, bytes, &calls, &r);
	for (size_t i = 0; i < sizeof r.text / sizeof r.text[0]; i++)
		pb_buf_free(&r.text[i]);
	return rc;
}

static const char *const options[] = {NULL};
static const pb_format xml = {"xml", pb_xml_read, options, false};

/** | `xml` | an element is `{ name = "a:b", attributes = { [name] = value }, text = "...", children = { element, ...
 *   } }`. Names are as written, prefixes are not resolved. `text` is all text directly in the element; where it has
 *   children and otherwise nothing but blanks, `""`. No other file is read; entities that the text declares itself
 *   are replaced (at most 64, and at most 16 times the text) */
int pb_open_xml(lua_State *L)
{
	return pb_decode_open(L, &xml);
}
