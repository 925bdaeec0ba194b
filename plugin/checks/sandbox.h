/* The box that Lua runs in: memory, instructions, no way out. One Lua state for one process; every entry through one protected
 * C function. bindings/ includes this header and nothing else of checks/. */
#ifndef PROBITY_CHECKS_SANDBOX_H
#define PROBITY_CHECKS_SANDBOX_H

#include <lua.h>

#include "base/error.h"
#include "base/json.h"
#include "facts/facts.h"
#include "facts/patterns.h"
#include "object/object.h"

typedef struct pb_sandbox_limits {
	size_t memory;         /* bytes of the whole Lua state, default 256 MiB */
	uint64_t instructions; /* of one call of one check, default 50 million */
	size_t subject;        /* longest subject of string.find/match/gmatch/gsub, bytes, default 64 KiB */
	uint64_t steps;        /* of pattern matching in one call, default 50 million: the count hook does not see them */
	size_t findings;       /* of one call, default 10,000 */
} pb_sandbox_limits;
extern const pb_sandbox_limits pb_sandbox_defaults;

/* What a script may touch is decided by who hands over this table (the worker): the sandbox knows no binding by name. */
typedef struct pb_module {
	const char *name;            /* "probity.pem" */
	int (*open)(lua_State *L);   /* lua_CFunction: pushes the module table; runs once, protected */
} pb_module;

/* What an object check sees of its object: borrowed, valid during one call. */
typedef struct pb_object_view {
	const pb_object *object;
	json_t *facts;         /* all facts, also the transient ones */
	const pb_scan *scan;
	uint32_t source;       /* whose hits object:hits() gives: index among the pattern sources, UINT32_MAX for none */
} pb_object_view;

/* What filters of product:objects ask of a record, read out of its JSON once for all checks of a product. */
typedef struct pb_glance {
	const char *kind, *class_name; /* borrowed from the record, like all here; never NULL */
	const char *last, *base;       /* the last element of the path, and what follows its last '/'; NULL: it has none */
	const json_t *path, *facts, *notes;
} pb_glance;

pb_glance pb_glance_of(const json_t *record);
/* One for each record, valid while the records are; free() it. NULL: no memory, or no records. */
pb_glance *pb_glances_of(const json_t *records);

/* What a product check sees. */
typedef struct pb_product_view {
	const json_t *records; /* array of object records, sorted by path, each with its result */
	const json_t *packages;
	const json_t *inventory, *previous; /* worker/inventory.h: of the product, and of an earlier version of it (NULL or null: none was given) */
	const json_t *components; /* worker/components.h */
	bool components_cut;      /* there were more */
	const json_t *product; /* {"name","version","kind",...} */
	const json_t *limits;     /* [{"path":[...],"why"}]: what was not (wholly) examined: product.limits */
	const json_t *detections; /* [{"path":[...],"signature","record":index or -1}] by ClamAV: product.detections */
	const json_t *database;   /* {"official":bool,"version",...}: product.database */
	const json_t *documents;  /* records of what was handed in as evidence (worker/supplied.h): handles count them behind records; NULL: none */
	const json_t *package_signatures; /* [{...}] what the documents prove of the product's own file; NULL: none */
	const json_t *regions; /* ["DE","EU","aws:eu-central-1"]: where data may be, of the policy; NULL or null: nothing is demanded */
	const json_t *roots;   /* [{"name","role","method","key","scope","from","until"}] whose word counts; NULL: nothing was handed in */
	int64_t as_of;         /* days */
	const char *check;     /* whose call it is: the notes of its object function are o.notes; NULL: nobody's */
	const pb_glance *rows;    /* one for each record; NULL: they are read from the records when asked for */
} pb_product_view;

typedef struct pb_bindings {
	const pb_module *modules; /* ends with {NULL, NULL} */
	void (*register_types)(lua_State *L);                        /* metatables; once, protected */
	void (*push_object)(lua_State *L, const pb_object_view *v);   /* pushes the `object` argument */
	void (*push_product)(lua_State *L, const pb_product_view *v); /* pushes the `product` argument */
	void (*expire)(lua_State *L);                                 /* after each call: handles pushed so far are dead, using one raises */
	/* A product check names its evidence by object = o: the record's index in pb_product_view.records, or -1. */
	long (*record_of)(lua_State *L, int index);
	/* The names that a handle has, fields and methods, for who looks around at a prompt; ends with NULL. NULL: no such handle. */
	const char *const *(*fields)(lua_State *L, int index);
} pb_bindings;

typedef struct pb_sandbox pb_sandbox; /* sandbox.c; opened by the catalogue, and by the collector for its sources */

/* For who runs scripts that are no checks (script.c). The same box, words and budgets; no libraries to require but the modules of bindings. */
int pb_sandbox_open(const pb_sandbox_limits *limits, const pb_bindings *bindings, pb_sandbox **out, pb_error *err);
void pb_sandbox_close(pb_sandbox *s); /* NULL is fine */
/* Calls fn protected, with arg as its light userdata and fresh budgets; loading: require works. PB_ELIMIT, PB_EINPUT: err says which limit, or where
 * and why the script failed. */
int pb_sandbox_run(pb_sandbox *s, bool loading, lua_CFunction fn, void *arg, pb_error *err);
/* Inside of it: pushes the function that one file's text makes. Raises. name: as errors name it. */
void pb_sandbox_load(lua_State *L, const char *name, pb_bytes text);
/* Which limit the run before ended at, "memory"; NULL: none. Static. */
const char *pb_sandbox_limit(const pb_sandbox *s);

/* Lua tables of JSON text keep what Lua's own do not know: which empty table is a list, and which fields were null (they are absent). So that the
 * same text can be written again. tables.c */
void pb_sandbox_mark_list(lua_State *L, int index);    /* an empty table there, or one of values, is a list. Raises where it is read-only */
bool pb_sandbox_is_list(lua_State *L, int index);      /* marked so */
bool pb_sandbox_push_nulls(lua_State *L, int index);   /* pushes the list of the names that were null; false: none, nothing pushed */
/* Pushes the table that holds what is in the one at index: itself, but where that is read-only. */
void pb_sandbox_push_content(lua_State *L, int index);
/* Pushes the value of one JSON text, strict (RFC 8259), in one pass; integers beyond 64 bits, keys that are given twice and more than 100 levels are
 * refused. Raises with words that begin with `what`. */
void pb_sandbox_push_json(lua_State *L, pb_bytes text, const char *what);

/* For bindings: work done in C counts as so many instructions (a byte read: 1/64). Raises when the budget is spent. */
void pb_sandbox_charge(lua_State *L, uint64_t work);

/* Likewise match steps: how many this call has left, and that so many were taken; raises "limit pattern" when they are spent. */
uint64_t pb_sandbox_steps_left(lua_State *L);
void pb_sandbox_step(lua_State *L, uint64_t steps);
/* Raises "limit match": a single match asks for more than one may have. */
_Noreturn void pb_sandbox_match_limit(lua_State *L);

bool pb_sandbox_loading(lua_State *L);             /* is the top of a file run, where require works? */
const pb_lists *pb_sandbox_lists(lua_State *L);    /* what facts know of rulesets/; NULL: none were handed over */

#endif
