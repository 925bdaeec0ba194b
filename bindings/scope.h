/* What one call of a check may see, and how long. Every handle remembers the generation in which it was made: when the call
 * ends, the generation does, and with it all handles. Private to bindings/. */
#ifndef PROBITY_BINDINGS_SCOPE_H
#define PROBITY_BINDINGS_SCOPE_H

#include <lauxlib.h>

#include "checks/sandbox.h"
#include "facts/facts.h"

typedef struct pb_scope {
	uint64_t generation;
	const pb_object_view *object;   /* NULL outside of a call on an object */
	const pb_product_view *product; /* NULL outside of a call on a product */
	pb_comments *comments;          /* of the object, once somebody asked */
	bool lexed;
	size_t line_at; /* line `line` begins at or before this offset: object:line goes on from here */
	lua_Integer line;
	json_t *waiting;              /* a value of C that becomes tables */
	char *scratch;                /* C memory that waits for becoming a Lua string */
	struct pb_document *document; /* likewise, for becoming tables: decode.c */
} pb_scope;

/* Every handle begins with this. */
typedef struct pb_handle {
	uint64_t generation;
} pb_handle;

void pb_scope_register(lua_State *L); /* makes the scope; raises */
pb_scope *pb_scope_of(lua_State *L);  /* neither raises nor allocates */
/* Tables that live as long as the call: product_mode.c's listings, product_declared.c's groups, product_digest.c's index. */
enum { PB_SCOPE_MODES = 1, PB_SCOPE_DECLARED, PB_SCOPE_DIGESTS, PB_SCOPE_VALUES = PB_SCOPE_DIGESTS };
void pb_scope_push(lua_State *L);             /* pushes its userdata, whose user values they are */
void pb_scope_table(lua_State *L, int which); /* pushes one of them, made where it is not there; raises */
void pb_scope_begin(lua_State *L, const pb_object_view *object, const pb_product_view *product);
void pb_scope_expire(lua_State *L); /* neither raises nor allocates */

/* Pushes a new handle of `size` bytes (its first member a pb_handle), alive. Raises. */
void *pb_handle_push(lua_State *L, const char *type, size_t size);
/* The handle at index: of this type, and alive; raises otherwise. */
void *pb_handle_check(lua_State *L, int index, const char *type);

/* Pushes the C string s, which may be NULL (no memory: raises), and frees it in any case. */
int pb_push_owned(lua_State *L, char *s);

/* Raises "TYPE has no field ...; did you mean ...?". names end with NULL. */
int pb_no_field(lua_State *L, const char *what, const char *field, const char *const *names);

/* A metatable of the name, with these functions and a __newindex that raises; left on the stack. */
void pb_type_make(lua_State *L, const char *type, const luaL_Reg *metamethods);

/* The types, one in each file. */
void pb_object_register(lua_State *L);
void pb_slice_register(lua_State *L);
void pb_regex_register(lua_State *L);
void pb_yara_register(lua_State *L);
void pb_product_register(lua_State *L);
void pb_product_object_register(lua_State *L);
void pb_json_register(lua_State *L);

/* json.c: pushes a value: scalars as they are, arrays and objects as views that look like read-only tables. NULL is nil. */
void pb_json_push(lua_State *L, const json_t *value);

/* object.c, object_hits.c, product.c */
extern const luaL_Reg pb_object_hits[];
const pb_object_view *pb_object_check(lua_State *L, int index); /* raises where it is no object, or a dead one */
const pb_object_view *pb_object_test(lua_State *L, int index);  /* NULL where it is no object; raises where it is a dead one */
void pb_object_push(lua_State *L, const pb_object_view *v);
const char *const *pb_object_fields(lua_State *L, int index); /* as pb_bindings.fields */
void pb_product_push(lua_State *L, const pb_product_view *v);

/* slice.c: what objects and slices have in common. Offsets are relative; *at is where those bytes begin in the object. */
#define PB_READERS                                                                                                                 \
	"bytes", "cstring", "slice", "find", "matches", "u8", "u16le", "u16be", "u32le", "u32be", "u64le", "u64be", "i8", "i16le", \
	    "i16be", "i32le", "i32be", "i64le", "i64be"
pb_bytes pb_bytes_check(lua_State *L, int index, size_t *at); /* of an object or a slice; raises where it is none, or a dead one */
pb_bytes pb_subject_check(lua_State *L, int index);           /* likewise, or of a string */
size_t pb_offset_check(lua_State *L, int index);              /* an integer from 0; raises */
size_t pb_offset_opt(lua_State *L, int index, size_t otherwise); /* likewise; otherwise where there is none */
void pb_readers_set(lua_State *L);                            /* adds their methods to the table on top */
int pb_object_length(lua_State *L);
extern const luaL_Reg pb_searches[]; /* regex.c: find, matches */

/* text_decode.c: what text.c has besides. */
extern const luaL_Reg pb_text_decoders[];

/* text_layout.c: likewise. */
extern const luaL_Reg pb_text_layout[];

/* json_encode.c: what json.c's module has besides. */
extern const luaL_Reg pb_json_encoders[];

/* product_object.c */
void pb_product_object_push(lua_State *L, size_t record);
long pb_product_object_record(lua_State *L, int index); /* the record's index, -1: it is no such object */
const json_t *pb_record_facts(const json_t *record);
const json_t *pb_record_notes(lua_State *L, const json_t *record); /* those of the check that runs; NULL: none */
/* The first of the sorted records at the chain of the first depth elements of path and, where it is not NULL, last; -1: none. */
long pb_record_find(const json_t *records, const json_t *path, size_t depth, const char *last);
/* Where this record is a compression layer: the record of what is in it, which stands below it in the records, though what came out
 * of it is told as if it lay in the layer itself (x.tgz holds x.tar, and its members are x.tgz > a). -1: it is none. Raises. */
long pb_record_payload(lua_State *L, long record);
bool pb_path_begins(const json_t *path, const json_t *prefix);

/* product.c: the view of the product at index; raises where it is none, or a dead one */
const pb_product_view *pb_product_check(lua_State *L, int index);

/* product_evidence.c: product:evidence, product:about; the record of an object, or behind those of a document; and the fields that only a document has:
 * false: it is none of them, and nothing was pushed. */
int pb_product_evidence(lua_State *L);
int pb_product_about(lua_State *L);
const json_t *pb_record_at(lua_State *L, size_t record);
bool pb_document_field_push(lua_State *L, size_t record, const char *field);

/* product_declared.c: product:declared */
int pb_product_declared(lua_State *L);

/* product_digest.c: product:by_digest */
int pb_product_by_digest(lua_State *L);

/* product_mode.c: pushes the mode of the object at path, or nil. */
void pb_product_mode_push(lua_State *L, const json_t *path);

/* The modules: each pushes its table. */
int pb_open_asn1(lua_State *L);
int pb_open_clamav(lua_State *L);
int pb_open_date(lua_State *L);
int pb_open_geo(lua_State *L);
int pb_open_hash(lua_State *L);
int pb_hash_crypt(lua_State *L); /* hash_crypt.c: hash.crypt */
int pb_open_hints(lua_State *L);
int pb_open_ini(lua_State *L);
int pb_open_json(lua_State *L);
int pb_open_lists(lua_State *L);
int pb_open_markup(lua_State *L);
void pb_markup_register(lua_State *L); /* its elements are handles, of formats only */
int pb_open_pem(lua_State *L);
int pb_open_plist(lua_State *L);
int pb_open_regex(lua_State *L);
int pb_open_text(lua_State *L);
int pb_open_toml(lua_State *L);
int pb_open_url(lua_State *L);
int pb_open_version(lua_State *L);
int pb_open_x509(lua_State *L);
int pb_open_xml(lua_State *L);
int pb_open_yaml(lua_State *L);
int pb_open_yara(lua_State *L);

#endif
