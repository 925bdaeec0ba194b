/* The way from text to Lua tables, the same for json, ini, toml, yaml, xml and plist. The text is read into a document that the
 * scope owns; then the document becomes tables. Whatever raises on the way, the document is freed when the call ends. */
/** # require "probity.json" "probity.ini" "probity.toml" "probity.yaml" "probity.xml" "probity.plist"
 * Structured text as plain tables of Lua, made anew by each call:
 *
 *     local json = require "probity.json"
 *
 *     local package, why = json.decode(object)      -- or a string
 *     if package == nil then
 *       return found.unknown("package.json: " .. why)
 *     end
 *     if type(package) == "table" and package.private == true then ... end
 *
 * `MODULE.decode(what [, options])` takes an object, a slice or a string and gives the value and a note, or `nil` and the
 * reason. What is broken never raises: it is the product's fault, not the check's.
 *
 * | reason | `"line 3, column 7: ..."`, from 1, columns in characters (binary property lists: `"byte 40: ..."`)
 * | reason, limits | `"line 3, column 7: limit depth: ..."`: `limit depth` (more than 64 levels), `limit entries`
 *   (more than 100,000 values), `limit size` (a text of more than 8 MiB, or more than 16 MiB of strings), `limit
 *   entities` (XML)
 * | note | `nil`, or where a table first got a key that it had already (the last value counts)
 * | `MODULE.null` | what stands for null: one value, the same in all modules, true in conditions; compare with `==`.
 *   `type` and `tostring` say `"null"`
 * | numbers | integers are exact: what does not fit into 64 bits is refused; with a point or an exponent they are
 *   floats
 * | strings | UTF-8; a text that is not is refused, with the place
 * | options | a table of names that are `true`; any other name raises
 *
 * Reading costs half an instruction of the check's budget for each byte, and eight for each value. */
#include "bindings/decode.h"

#include <string.h>

static const char null_type[] = "probity.null";

/* What reading costs, in instructions. */
enum { BYTES_PER_STEP = 2, STEPS_PER_ENTRY = 8, STEPS_PER_CALL = 500 };

void pb_null_register(lua_State *L)
{
	static const luaL_Reg none[] = {{NULL, NULL}};

	(void)lua_newuserdatauv(L, 0, 0);
	pb_type_make(L, null_type, none);
	lua_pushliteral(L, "null"); /* what type() and tostring() say */
	lua_setfield(L, -2, "__type");
	lua_setmetatable(L, -2);
	lua_rawsetp(L, LUA_REGISTRYINDEX, null_type);
}

void pb_null_push(lua_State *L)
{
	lua_rawgetp(L, LUA_REGISTRYINDEX, null_type);
}

static void push(lua_State *L, const pb_node *n, pb_document *d);

static void push_string(lua_State *L, pb_string s)
{
	lua_pushlstring(L, s.size > 0 ? s.data : "", s.size);
}

/* [-1] table -> the same, with the entry c */
static void set_entry(lua_State *L, const pb_node *c, pb_document *d)
{
	push_string(L, c->key);
	lua_pushvalue(L, -1);
	if (lua_rawget(L, -3) != LUA_TNIL && d->again_line == 0) {
		d->again_line = c->line;
		d->again_column = c->column;
	}
	lua_pop(L, 1);
	push(L, c, d);
	lua_rawset(L, -3);
}

/* An element of XML: -> { name, text, attributes, children } */
static void push_element(lua_State *L, const pb_node *n, pb_document *d)
{
	lua_Integer children = 0;

	lua_createtable(L, 0, 4);
	push_string(L, n->string);
	lua_setfield(L, -2, "name");
	push_string(L, n->as.text);
	lua_setfield(L, -2, "text");
	lua_newtable(L);
	for (const pb_node *c = n->first; c != NULL; c = c->next)
		if (c->key.data != NULL)
			set_entry(L, c, d);
	lua_setfield(L, -2, "attributes");
	lua_newtable(L);
	for (const pb_node *c = n->first; c != NULL; c = c->next) {
		if (c->key.data == NULL) {
			push(L, c, d);
			lua_rawseti(L, -2, ++children);
		}
	}
	lua_setfield(L, -2, "children");
}

/* As deep as the document, which is at most PB_DOCUMENT_DEPTH. */
static void push(lua_State *L, const pb_node *n, pb_document *d)
{
	lua_Integer i = 0;

	while (n->type == PB_NODE_ALIAS)
		n = n->as.target;
	luaL_checkstack(L, 8, "document");
	switch ((pb_node_type)n->type) {
	case PB_NODE_BOOLEAN:
		lua_pushboolean(L, n->as.boolean);
		return;
	case PB_NODE_INTEGER:
		lua_pushinteger(L, n->as.integer);
		return;
	case PB_NODE_REAL:
		lua_pushnumber(L, n->as.real);
		return;
	case PB_NODE_STRING:
		push_string(L, n->string);
		return;
	case PB_NODE_LIST:
		lua_createtable(L, (int)n->children, 0);
		for (const pb_node *c = n->first; c != NULL; c = c->next) {
			push(L, c, d);
			lua_rawseti(L, -2, ++i);
		}
		return;
	case PB_NODE_TABLE:
		lua_createtable(L, 0, (int)n->children);
		for (const pb_node *c = n->first; c != NULL; c = c->next)
			set_entry(L, c, d);
		return;
	case PB_NODE_ELEMENT:
		push_element(L, n, d);
		return;
	case PB_NODE_NULL:
	case PB_NODE_ALIAS:
		break;
	}
	pb_null_push(L);
}

/* { name = true, ... } at index, or nothing -> bits in the order of names */
static unsigned flags_at(lua_State *L, int index, const pb_format *f)
{
	unsigned flags = 0;

	if (lua_isnoneornil(L, index))
		return 0;
	luaL_checktype(L, index, LUA_TTABLE);
	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
		const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "[1]";
		unsigned i = 0;

		while (f->options[i] != NULL && strcmp(f->options[i], name) != 0)
			i++;
		if (f->options[i] == NULL)
			(void)pb_no_field(L, lua_pushfstring(L, "an option of %s.decode", f->name), name, f->options);
		luaL_argexpected(L, lua_isboolean(L, -1), index, "options that are true or false");
		flags |= (unsigned)lua_toboolean(L, -1) << i;
	}
	return flags;
}

/* Reads the text: no Lua from here on. */
static bool read_text(pb_document *d, const pb_format *f, pb_bytes text, unsigned flags)
{
	static const uint8_t nothing[1] = {0};
	bool marked;

	if (text.size > PB_DOCUMENT_BYTES)
		return pb_document_fail(d, "limit size: %zu bytes, at most %d are read", text.size, PB_DOCUMENT_BYTES) == 0;
	if (f->utf8 && !pb_document_utf8(d, text))
		return false;
	if (text.size == 0)
		text.data = nothing;
	marked = f->utf8 && text.size >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0; /* a byte order mark */
	text.data += marked ? 3 : 0;
	text.size -= marked ? 3 : 0;
	return f->read(d, text, flags) == 0 && d->root != NULL && d->reason[0] == '\0';
}

int pb_decode_push(lua_State *L, const pb_format *f, pb_bytes text, unsigned flags)
{
	pb_scope *s = pb_scope_of(L);
	bool read;

	pb_sandbox_charge(L, STEPS_PER_CALL + (text.size <= PB_DOCUMENT_BYTES ? text.size : 0) / BYTES_PER_STEP);
	pb_document_free(s->document); /* of a call before that raised */
	s->document = pb_document_new();
	if (s->document == NULL)
		return luaL_error(L, "out of memory");
	read = read_text(s->document, f, text, flags);
	pb_sandbox_charge(L, STEPS_PER_ENTRY * (uint64_t)s->document->entries); /* also of what grew beyond a limit */
	if (read) {
		push(L, s->document->root, s->document);
		if (s->document->again_line > 0)
			lua_pushfstring(L, "line %d, column %d: a key that its table had before; the last one counts",
			                (int)s->document->again_line, (int)s->document->again_column);
		else
			lua_pushnil(L);
	} else if (s->document->out_of_memory) {
		return luaL_error(L, "out of memory");
	} else {
		lua_pushnil(L);
		lua_pushstring(L, s->document->reason);
	}
	pb_document_free(s->document);
	s->document = NULL;
	return 2;
}

/* Upvalue: the format. [1] object, slice or string [2] options -> value, note (or nil) | nil, reason */
static int decode(lua_State *L)
{
	const pb_format *f = lua_touserdata(L, lua_upvalueindex(1));
	pb_bytes text = pb_subject_check(L, 1);
	unsigned flags = flags_at(L, 2, f);

	lua_settop(L, 1);
	return pb_decode_push(L, f, text, flags);
}

int pb_decode_open(lua_State *L, const pb_format *format)
{
	union { /* a light userdata is not const */
		const pb_format *in;
		void *out;
	} f = {.in = format};

	lua_createtable(L, 0, 2);
	lua_pushlightuserdata(L, f.out);
	lua_pushcclosure(L, decode, 1);
	lua_setfield(L, -2, "decode");
	pb_null_push(L);
	lua_setfield(L, -2, "null");
	return 1;
}
