/* Private to this room: what a script does, from its tokens. code.c makes the fact; a parse is not made (README.md says why).
 *
 * A pass over the tokens binds names (imports, and names that are given one constant value in the whole file), a second one
 * reads calls and strings. Values live in one arena, which bounds them; what does not fit is unknown, and the fact says that it
 * was cut. */
#ifndef PROBITY_FACTS_CODE_H
#define PROBITY_FACTS_CODE_H

#include <string.h>

#include "facts/provider.h"

typedef enum pb_language {
	PB_JAVASCRIPT = 1,
	PB_PYTHON = 2,
	PB_PHP = 4,
	PB_RUBY = 8,
	PB_PERL = 16,
	PB_SHELL = 32,
	PB_POWERSHELL = 64,
} pb_language;

typedef enum pb_token_kind {
	PB_TOKEN_NAME, /* word, $variable */
	PB_TOKEN_NUMBER,
	PB_TOKEN_STRING,  /* a whole literal with its quotes (and Python's prefix) */
	PB_TOKEN_COMMAND, /* `a command`: Ruby, Perl, PHP */
	PB_TOKEN_PUNCT,   /* one operator of up to three bytes */
	PB_TOKEN_LINE,    /* the end of a line outside of brackets, where the language cares */
	PB_TOKEN_OTHER,   /* a regular expression, a part of a template, a lone quote */
} pb_token_kind;

typedef struct pb_token {
	uint32_t at, size;
	uint32_t match; /* of a bracket: the index of its other half; of anything else, and without one, its own */
	uint8_t kind;   /* pb_token_kind */
	uint8_t first;  /* of a name or an operator: its first byte, of others 0 */
} pb_token;

typedef enum pb_value_kind { PB_VALUE_UNKNOWN, PB_VALUE_TEXT, PB_VALUE_NUMBER, PB_VALUE_LIST } pb_value_kind;

typedef struct pb_value {
	pb_value_kind kind;
	bool made;    /* joined or escaped: the bytes of the file do not show it as it is */
	bool decoded; /* made by something that decodes: base64, hex, codes of characters, reversing */
	int64_t number;
	const uint8_t *text;          /* TEXT: in the object or in the arena */
	const struct pb_value *items; /* LIST */
	size_t n;                     /* bytes of text, or items */
} pb_value;

enum {
	PB_CODE_BYTES = 16 << 20, /* of a file are looked at */
	PB_CODE_TOKENS = 2000000, /* in a file */
	PB_CODE_ARENA = 4 << 20,  /* bytes of values in a file */
	PB_CODE_TEXT = 256 << 10, /* one text */
	PB_CODE_NAME = 128,       /* a resolved name, with its NUL */
	PB_CODE_DEPTH = 16,       /* of expressions */
	PB_CODE_NAMES = 1 << 16,  /* bound in a file */
};

struct pb_binding;
struct pb_code_block;

typedef struct pb_script {
	pb_look *look;
	pb_bytes b;
	pb_language language;
	pb_token *tokens;
	size_t n, cap;
	struct pb_code_block *blocks; /* the arena */
	size_t arena;                 /* bytes of it in use */
	uint8_t *tail;                /* the text that was joined last may grow in place: */
	size_t tail_n, tail_cap;      /* as long as nobody else did so */
	struct pb_binding *bindings;  /* open addressing, sorted by nothing: asked by name only */
	size_t n_bindings, cap_bindings;
	size_t steps; /* of evaluation that may still be made */
	bool failed;  /* out of memory */
	bool cut;     /* a bound left something out */
} pb_script;

/* code_tokens.c. False: out of memory. */
bool pb_code_tokens(pb_script *c);
bool pb_code_token_add(pb_script *c, pb_token_kind kind, size_t at, size_t end);
pb_bytes pb_token_bytes(const pb_script *c, size_t i);

/* Is it this name or operator? False past the end. Asked many times for each token: the first byte answers nearly all. */
static inline bool pb_token_is(const pb_script *c, size_t i, const char *text)
{
	if (i >= c->n || c->tokens[i].first != (uint8_t)text[0])
		return false;
	size_t n = strlen(text);
	return c->tokens[i].size == n && memcmp(c->b.data + c->tokens[i].at, text, n) == 0;
}

bool pb_code_word(uint8_t byte); /* letters, digits, '_', '$', everything above ASCII */

/* code_memory.c. NULL: no memory or no room (failed or cut is set). */
void *pb_code_alloc(pb_script *c, size_t n);
pb_value pb_value_text(pb_script *c, const uint8_t *text, size_t n); /* a copy; unknown where there is no room */
void pb_code_free(pb_script *c);

/* What was allocated since the mark is given back. Whatever is bound must be older. */
typedef struct pb_code_mark {
	struct pb_code_block *block;
	size_t used, arena;
} pb_code_mark;
pb_code_mark pb_code_mark_now(const pb_script *c);
void pb_code_release(pb_script *c, pb_code_mark mark);

/* Binds a name; a second value that differs makes it ambiguous, and NULL does so at once. alias: it stands for a dotted name
 * (a text), not for a value. */
void pb_code_bind(pb_script *c, pb_bytes name, const pb_value *value, bool alias);
const pb_value *pb_code_bound(const pb_script *c, pb_bytes name, bool alias); /* NULL: nothing, or ambiguous */

/* code_literal.c: the value of a string literal: unknown where it holds variables. */
pb_value pb_code_literal(pb_script *c, pb_bytes literal);
size_t pb_code_utf8(uint32_t character, uint8_t out[4]); /* how many bytes; 0: none such */

/* code_decode.c: value to value, unknown where it cannot be. */
pb_value pb_decode_base64(pb_script *c, pb_value text); /* either alphabet */
pb_value pb_decode_hex(pb_script *c, pb_value text);
pb_value pb_decode_percent(pb_script *c, pb_value text); /* %41, and %u0041 */
pb_value pb_decode_codes(pb_script *c, const pb_value *numbers, size_t n, bool bytes);
pb_value pb_decode_reverse(pb_script *c, pb_value value);
pb_value pb_decode_rot13(pb_script *c, pb_value text);
pb_value pb_decode_split(pb_script *c, pb_value text, pb_value by);
pb_value pb_decode_join(pb_script *c, pb_value list, pb_value by);
pb_value pb_decode_replace(pb_script *c, pb_value text, pb_value what, pb_value with, bool all);
pb_value pb_decode_concat(pb_script *c, pb_value a, pb_value b);

/* code_value.c: the constant value of the expression at token i; *end: past it. Unknown: *end says nothing. */
pb_value pb_code_value(pb_script *c, size_t i, size_t *end, int depth);
/* The arguments of the bracket at i into at most max values. Returns how many there are (which may be more). */
size_t pb_code_arguments(pb_script *c, size_t i, pb_value *out, size_t max, int depth);
size_t pb_code_skip(const pb_script *c, size_t i, size_t end); /* to the next comma of this level, or end */

/* code_name.c: the dotted name that begins at token i, its aliases resolved; *end: past it. False: no name begins here. */
bool pb_code_name(pb_script *c, size_t i, size_t *end, char name[PB_CODE_NAME], int depth);
bool pb_code_separator(const pb_script *c, size_t i); /* what joins the parts of a name */
void pb_code_bindings(pb_script *c);                  /* the first pass */

/* code_known.c */
typedef enum pb_decoder {
	PB_DECODE_NONE,
	PB_DECODE_BASE64,
	PB_DECODE_HEX,
	PB_DECODE_PERCENT,
	PB_DECODE_CODES,
	PB_DECODE_BYTES,
	PB_DECODE_REVERSE,
	PB_DECODE_ROT13,
	PB_DECODE_JOIN,
	PB_DECODE_SAME,
	PB_DECODE_NAMED,
	PB_DECODE_MAP,
	PB_DECODE_PACK,
	PB_DECODE_OTHER,
} pb_decoder;
enum pb_known_list {
	PB_KNOWN_RUNS = 1,   /* it runs code that it is given as a text */
	PB_KNOWN_TOLD = 2,   /* its calls are told where they are given a constant */
	PB_KNOWN_SPAWNS = 4, /* it runs a program or a text: told in any case */
	PB_KNOWN_LOADS = 8,  /* it loads the module that it is given by name */
	PB_KNOWN_UNTOLD = 16,
};
typedef struct pb_known {
	unsigned lists; /* of pb_known_list */
	pb_decoder how; /* OTHER: it decodes, and we do not */
} pb_known;
pb_known pb_code_known(pb_language language, const char *name);

/* code_strings.c: what a text is, so that it is told: "url", "address", "host", "path", "command"; NULL. */
const char *pb_code_interest(const pb_value *text);

/* code_calls.c, code_shell.c: the lists of the fact. 0 or PB_ENOMEM. */
typedef struct pb_code_fact {
	json_t *calls, *strings, *environment, *seen;
	size_t room;    /* bytes of text that may still be told */
	bool fetched;   /* a shell fetched a file: what is started from then on is told */
	size_t dynamic; /* modules that are loaded by a computed name */
	size_t decode_eval;
} pb_code_fact;
int pb_code_calls(pb_script *c, pb_code_fact *f);
int pb_code_shell(pb_script *c, pb_code_fact *f); /* both passes at once: a shell has no tokens but words */

int pb_code_command(pb_script *c, pb_code_fact *f, pb_bytes text); /* one text of metadata; it lies at 0 */

/* What is known of a call besides its arguments; all of it may be absent. */
typedef struct pb_code_origin {
	const char *from;                     /* names of what it is given: "curl|base64", "$_POST" */
	const pb_value *to, *reads, *input;   /* files, and a text that is piped in; NULL or unknown: none */
	bool weak;                            /* told only while there is much room */
} pb_code_origin;
int pb_code_call_add(pb_script *c, pb_code_fact *f, const char *name, const pb_value *args, size_t n, uint64_t at,
                     const pb_code_origin *origin);
int pb_code_string_add(pb_script *c, pb_code_fact *f, const pb_value *text, uint64_t at);

json_t *pb_code_measures(const pb_script *c, const pb_code_fact *f); /* code_measure.c; NULL: no memory */

#endif
