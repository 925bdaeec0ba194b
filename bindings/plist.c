/* require "probity.plist": Apple's property lists, XML and binary, as tables.
 *
 *   plist.decode(text or object) -> value, note | nil, reason      plist.null
 *
 * dict is a table, array a list, date a string "2024-01-31T10:00:00Z", data a string of its bytes, UID a table { uid = N }.
 * Integers are exact: one beyond 64 bits is refused. (XML by expat. libplist 2.2 follows shared references and nesting without
 * a bound: a binary list of 400 bytes takes it minutes, deep XML ends the process. So binary lists have a reader of their own.)
 */
#include "bindings/plist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "bindings/base64.h"
#include "bindings/decode.h"
#include "bindings/xml_walk.h"

enum { NAME_MOST = 16 };

typedef struct reader {
	pb_document *d;
	pb_node *at;          /* the dict or array that is open, NULL outside */
	bool inside;          /* of <plist> */
	char open[NAME_MOST]; /* the scalar that is open, "" for none: nothing may be in it */
	bool keyed;           /* the dict has a key that waits for its value */
	pb_buf key, text;
} reader;

static bool refuse(reader *r, const char *what)
{
	(void)pb_document_fail(r->d, "%s", what);
	return false;
}

/* A new node where one may stand. */
static pb_node *add(reader *r, pb_node_type type)
{
	bool in_dict = r->at != NULL && r->at->type == PB_NODE_TABLE;
	pb_node *n = NULL;

	if (in_dict && !r->keyed)
		(void)refuse(r, "a value without a key");
	else if (r->at == NULL && r->d->root != NULL)
		(void)refuse(r, "a second value");
	else if (in_dict)
		n = pb_document_add(r->d, r->at, type, r->key.size > 0 ? (const char *)r->key.data : "", r->key.size);
	else
		n = pb_document_add(r->d, r->at, type, NULL, 0);
	r->keyed = false;
	return n;
}

static bool start(void *user, const char *name, const char *const *attributes)
{
	static const char *const scalars[] = {"key", "string", "integer", "real", "true", "false", "date", "data"};
	reader *r = user;
	bool dict = strcmp(name, "dict") == 0;

	(void)attributes;
	if (r->open[0] != '\0')
		return refuse(r, "an element in a value");
	if (strcmp(name, "plist") == 0 && !r->inside) {
		r->inside = true;
		return true;
	}
	if (!r->inside)
		return refuse(r, "not a property list: it begins with another element than <plist>");
	if (dict || strcmp(name, "array") == 0) {
		pb_node *n = add(r, dict ? PB_NODE_TABLE : PB_NODE_LIST);

		r->at = n != NULL ? n : r->at;
		return n != NULL;
	}
	for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++) {
		if (strcmp(name, scalars[i]) == 0) {
			(void)snprintf(r->open, sizeof r->open, "%s", name);
			r->text.size = 0;
			return true;
		}
	}
	return refuse(r, "an element that property lists do not have");
}

static bool text(void *user, const char *text, size_t n)
{
	reader *r = user;
	size_t i = 0;

	if (r->open[0] != '\0') {
		r->text.max = PB_DOCUMENT_STRINGS;
		switch (pb_buf_add(&r->text, text, n)) {
		case PB_OK:
			return true;
		case PB_ELIMIT:
			return pb_document_fail(r->d, "limit size: more than %d bytes of text", PB_DOCUMENT_STRINGS) == 0;
		default:
			return pb_document_no_memory(r->d) == 0;
		}
	}
	while (i < n && strchr(" \t\r\n", text[i]) != NULL)
		i++;
	return i == n || refuse(r, "text between values");
}

/* A decimal or 0x... number of 64 bits. */
static bool integer(reader *r, const char *s)
{
	const char *digits = s + (*s == '-' || *s == '+');
	bool hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
	uint64_t value = 0;
	pb_node *n;

	digits += hex ? 2 : 0;
	if (digits[0] == '\0' || digits[strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789")] != '\0')
		return refuse(r, "not an integer");
	for (; *digits != '\0'; digits++) {
		unsigned digit = *digits <= '9' ? (unsigned)(*digits - '0') : ((unsigned)*digits | 32) - 'a' + 10;

		if (__builtin_mul_overflow(value, hex ? 16U : 10U, &value) || __builtin_add_overflow(value, digit, &value))
			return refuse(r, "an integer beyond 64 bits");
	}
	if (value > (uint64_t)INT64_MAX + (*s == '-'))
		return refuse(r, "an integer beyond 64 bits");
	n = add(r, PB_NODE_INTEGER);
	if (n != NULL)
		n->as.integer = *s == '-' ? (int64_t)(0 - value) : (int64_t)value;
	return n != NULL;
}

static bool real(reader *r, const char *s)
{
	double value;
	char *rest;
	pb_node *n;

	if (s[0] == '\0' || s[strspn(s, "0123456789+-.eEinfatyINFATY")] != '\0')
		return refuse(r, "not a real number");
	value = strtod(s, &rest);
	if (*rest != '\0')
		return refuse(r, "not a real number");
	n = add(r, PB_NODE_REAL);
	if (n != NULL)
		n->as.real = value;
	return n != NULL;
}

static bool add_text(reader *r, const void *bytes, size_t size)
{
	pb_node *n = add(r, PB_NODE_STRING);

	return n != NULL && pb_document_copy(r->d, bytes, size, &n->string);
}

/* Decodes in place. */
static bool data(reader *r)
{
	pb_base64 state = {0};
	size_t n = 0;
	int padding = 0;

	for (size_t i = 0; i < r->text.size; i++) {
		uint8_t c = r->text.data[i];
		int value = pb_base64_value(c);

		if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
			continue;
		if (c == '=' && padding < 2)
			padding++;
		else if (value < 0 || padding > 0)
			return refuse(r, "data that is not base64");
		else
			n += pb_base64_take(&state, value, &r->text.data[n]);
	}
	if (!pb_base64_done(&state, padding, true))
		return refuse(r, "data that is not base64");
	return add_text(r, r->text.data, n);
}

static bool boolean(reader *r, bool value)
{
	pb_node *n = add(r, PB_NODE_BOOLEAN);

	if (n != NULL)
		n->as.boolean = value;
	return n != NULL;
}

static bool key(reader *r)
{
	pb_buf before = r->key;

	if (r->at == NULL || r->at->type != PB_NODE_TABLE || r->keyed)
		return refuse(r, "a key that has no place here");
	r->key = r->text;
	r->text = before;
	r->keyed = true;
	return true;
}

/* The open scalar is whole. expat gives no NUL, so its text is one C string. */
static bool scalar(reader *r, const char *name)
{
	const char *s = r->text.size > 0 ? (const char *)r->text.data : "";

	if (strcmp(name, "key") == 0)
		return key(r);
	if (strcmp(name, "integer") == 0)
		return integer(r, s);
	if (strcmp(name, "real") == 0)
		return real(r, s);
	if (strcmp(name, "data") == 0)
		return data(r);
	if (name[0] == 't' || name[0] == 'f')
		return boolean(r, name[0] == 't');
	return add_text(r, s, r->text.size); /* string, date */
}

static bool end(void *user)
{
	reader *r = user;
	char name[NAME_MOST];

	if (r->open[0] != '\0') {
		(void)memcpy(name, r->open, sizeof name);
		r->open[0] = '\0';
		return scalar(r, name);
	}
	if (r->keyed)
		return refuse(r, "a key without a value");
	if (r->at != NULL)
		r->at = r->at->parent;
	else if (r->d->root == NULL)
		return refuse(r, "a property list without a value");
	return true;
}

static const pb_xml_calls calls = {start, text, end};

int pb_plist_read(pb_document *d, pb_bytes bytes, unsigned flags)
{
	reader r = {.d = d};
	int rc;

	(void)flags;
	if (bytes.size >= 6 && memcmp(bytes.data, "bplist", 6) == 0)
		return pb_plist_read_binary(d, bytes);
	rc = pb_xml_walk(d, bytes, &calls, &r);
	pb_buf_free(&r.key);
	pb_buf_free(&r.text);
	return rc;
}

static const char *const options[] = {NULL};
static const pb_format plist = {"plist", pb_plist_read, options, false};

/** | `plist` | XML and binary. `data` is a string of its bytes, a date a string `"2024-01-31T10:00:00Z"`, a UID a
 *   table `{ uid = N }` */
int pb_open_plist(lua_State *L)
{
	return pb_decode_open(L, &plist);
}
