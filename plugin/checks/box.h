/* Private to checks/: the sandbox from inside. */
#ifndef PROBITY_CHECKS_BOX_H
#define PROBITY_CHECKS_BOX_H

#include <lauxlib.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "checks/sandbox.h"

/* Names of the limits, as they appear in "limit NAME". Static strings: compared by pointer nowhere, printed everywhere. */
#define PB_LIMIT_MEMORY       "memory"
#define PB_LIMIT_INSTRUCTIONS "instructions"
#define PB_LIMIT_PATTERN      "pattern"
#define PB_LIMIT_MATCH        "match"
#define PB_LIMIT_SUBJECT      "subject"
#define PB_LIMIT_FINDINGS     "findings"
#define PB_LIMIT_NOTES        "notes"
#define PB_LIMIT_STATE        "state"
#define PB_LIMIT_INTERRUPT    "interrupt" /* at a prompt only */

typedef struct pb_shelf pb_shelf;

struct pb_sandbox {
	lua_State *L;
	pb_sandbox_limits limits;
	const pb_bindings *bindings; /* borrowed */
	const pb_lists *lists;       /* borrowed; NULL: none */
	char *lib_dir;               /* folder of "lib.NAME", NULL: there are none */
	const char *lib_shown;       /* how messages name it: "scripts/lib" */
	const char *const *near;     /* while a check from elsewhere is loaded: the folders of its own "lib.NAME", ends with NULL; NULL: it has none */
	const pb_shelf *shelf;       /* the libraries are taken from here; NULL: from their folders */
	size_t used;                 /* bytes of the Lua state now */
	size_t peak;                 /* most of them in this call */
	uint64_t spent;              /* instructions of this call, work in C included */
	uint64_t steps;              /* match steps of this call */
	uint64_t grants;   /* allocations that still succeed: UINT64_MAX but in tests, which fail every one of them once */
	const _Atomic uint32_t *stop; /* not 0: whoever sits at the prompt wants it to end; NULL: nobody does */
	const char *limit; /* the limit that this call ran into, NULL: none */
	bool running;      /* inside of pb_box_enter: budgets count */
	bool loading;      /* files are being loaded: require works */
	bool format;       /* a format of reports is run: messages do not speak of checks */
	int env, modules;  /* registry references: the globals of all files; what require gave */
	pb_buf text;       /* of the library that is being loaded */
	void *call;        /* whose call it is: of found.c during pb_box_enter */
	char why[512];     /* "FILE:LINE: what is wrong" of the last error */
};

/* shelf.c. Libraries that were read before they are asked for: at a prompt, whose process opens no files. */
typedef struct pb_library {
	char *path;
	pb_buf text;
	pb_error why; /* it cannot be had; code 0: it can */
} pb_library;
pb_shelf *pb_shelf_new(void); /* NULL: no memory */
void pb_shelf_free(pb_shelf *s);
/* Every DIR/NAME.lua; a folder that is not there has none. What cannot be read is there with the reason. 0, PB_ENOMEM. */
int pb_shelf_fill(pb_shelf *s, const char *dir);
const pb_library *pb_shelf_find(const pb_shelf *s, const char *path); /* NULL: there is none */
const pb_library *pb_shelf_all(const pb_shelf *s, size_t *n);

/* lib_dir may be NULL. bindings may be NULL: no modules. 0, PB_ENOMEM, PB_EINTERNAL (err says which binding failed). */
int pb_box_open(const pb_sandbox_limits *limits, const pb_bindings *bindings, const char *lib_dir, pb_sandbox **out,
                pb_error *err);
void pb_box_close(pb_sandbox *s);
pb_sandbox *pb_box_of(lua_State *L);

/* The one way in: calls fn protected with arg as its light userdata argument and with fresh budgets; the stack is empty before
 * and after. 0; PB_ELIMIT: s->limit names it; PB_EINPUT: the script failed, s->why says where and why. */
int pb_box_enter(pb_sandbox *s, lua_CFunction fn, void *arg);

/* Raises: this call ran into a limit. No script can catch it. */
_Noreturn void pb_box_limit(lua_State *L, const char *name);
void pb_box_step(lua_State *L, uint64_t steps); /* match steps; raises when they are spent */

int pb_box_trace(lua_State *L); /* trace.c: the message handler: notes the error in s->why */
/* "short:LINE: text" as Lua words it becomes "FILE:LINE: text": short names are cut by Lua. */
void pb_box_reword(const char *file, const char *message, char *out, size_t room);

void pb_box_globals(lua_State *L);      /* globals.c: makes s->env. Raises */
extern const luaL_Reg pb_box_strings[]; /* strings.c: find, match, gmatch, gsub */
int pb_box_type(lua_State *L);          /* tamed.c */
int pb_box_tostring(lua_State *L);
int pb_box_format(lua_State *L); /* these three have Lua's own as their upvalue */
int pb_box_rep(lua_State *L);
int pb_box_move(lua_State *L);
int pb_box_pairs(lua_State *L); /* order.c */
int pb_box_next(lua_State *L);
int pb_box_sort(lua_State *L);
int pb_box_require(lua_State *L); /* require.c */

/* teach.c. What to write instead, where Lua's own message does not say it; NULL: it does. Static. */
const char *pb_box_hint(const char *message);
/* The table on top: reading a name that it does not hold raises "NAME has no ...; did you mean ...?". Before it is sealed. Raises. */
void pb_box_explain_misses(lua_State *L, const char *name);
/* Raises where the text is none: bytecode, a byte order mark, NUL, not UTF-8; with its line. */
void pb_box_refuse_bytes(lua_State *L, const char *name, pb_bytes text);

/* marks.c. [-n..-1] names of fields that were null, above their table: noted there; the names are gone. Raises. */
void pb_box_mark_nulls(lua_State *L, int n);

/* require.c: pushes the function that one file's text makes, with the box's globals. Raises. name: as errors name it. */
void pb_box_load(lua_State *L, const char *name, pb_bytes text);

/* lock.c. Tables reachable from the value at index become read-only in place: each keeps its identity, its content moves
 * behind it. Pushes a record of all upvalues of all functions reached. Raises. */
void pb_box_seal(lua_State *L, int index);
/* Does the record at index still hold? What changed is put back. Neither raises nor allocates. */
bool pb_box_kept(lua_State *L, int index);
/* Pushes the content of the table at index, which is the table itself where it is not locked. */
void pb_box_content(lua_State *L, int index);
bool pb_box_locked(lua_State *L, int index);

/* Words for "did you mean": "; did you mean \"X\"?" into out, "" where nothing is near. */
const char *pb_box_meant(const char *word, const char *const *candidates, size_t n, char *out, size_t room);

#endif
