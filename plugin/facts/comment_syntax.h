/* Private to this room: how the languages write comments and what hides a comment's marker. */
#ifndef PROBITY_FACTS_COMMENT_SYNTAX_H
#define PROBITY_FACTS_COMMENT_SYNTAX_H

#include "facts/facts.h"

enum pb_syntax_flag {
	PB_SYNTAX_WORD = 1,      /* a line marker counts only at the start of a word: "#" in shell, not in ${#x} */
	PB_SYNTAX_FIRST = 2,     /* a line marker counts only as the first thing on its line */
	PB_SYNTAX_MULTILINE = 4, /* strings may span lines */
	PB_SYNTAX_TRIPLE = 8,    /* """ and ''' too */
	PB_SYNTAX_TEMPLATE = 16, /* `...${code}...` */
	PB_SYNTAX_RAW = 32,      /* `...` without escapes */
	PB_SYNTAX_REGEX = 64,    /* /.../ where an expression may begin */
	PB_SYNTAX_HEREDOC = 128, /* << or <<< and a word */
	PB_SYNTAX_POD = 256,     /* "=word" at a line's start to "=cut" (Perl) or "=end" (Ruby) */
	PB_SYNTAX_LUA = 512,     /* [==[ ... ]==] */
	PB_SYNTAX_PHP = 1024,    /* code is only what lies in <?php ... ?>, and a line comment ends at ?> */
	PB_SYNTAX_DOCSTRING = 4096, /* a text that documents a function, a class or the file is a comment (Python) */
	PB_SYNTAX_NOCASE = 2048, /* the line marker's letters in either case: REM */
};

typedef struct pb_syntax {
	const char *kinds;   /* separated and enclosed by blanks */
	const char *line[2]; /* to the end of the line */
	const char *open, *close;
	const char *quotes; /* each opens a string that ends with itself; \ escapes */
	unsigned flags;
} pb_syntax;

/* One step: from `at` (< b.size, outside of comments and strings) to the next place where a comment may begin. Where [at,
 * result) is a comment, *comment is set. State of one pass: zeroed before it. Linear over the pass. */
typedef struct pb_lexer {
	pb_bytes b;
	const pb_syntax *syntax;
	bool plain[256]; /* bytes that mean nothing outside of comments and strings */
	bool no_close;   /* there is no further end of a block comment: looked once */
	size_t fail_end; /* up to here strings and expressions were looked for in vain, */
	unsigned fails;  /* so many times: after a few, a quote there is a lone quote */
	bool in_php;
	unsigned depth;      /* of ${ in templates */
	unsigned braces[64]; /* open braces at each of them */
	struct {
		size_t at, n;
	} heredoc[4]; /* words whose bodies begin at the next line */
	unsigned heredocs;
	bool doc_known, doc_used; /* the source was looked through for uses of its own documentation, and has one */
	size_t doc_steps;         /* bytes gone back over in search of what is documented */
	unsigned lost_heredocs; /* words that never came: after a few, << is taken for an operator */
} pb_lexer;

void pb_lexer_begin(pb_lexer *x, pb_bytes b, const pb_syntax *syntax);
size_t pb_lexer_step(pb_lexer *x, size_t at, bool *comment);

/* Only what begins at `at`: past the comment, string or mark there, or `at` itself where the byte means nothing to comments. For
 * those who want the strings, too. */
size_t pb_lexer_one(pb_lexer *x, size_t at, bool *comment);
const pb_syntax *pb_syntax_of(const pb_kind *kind); /* NULL: a kind without comments */

/* comment_strings.c: past the thing that begins at `at`, or `at` itself where it is none. */
size_t pb_lexer_string(pb_lexer *x, size_t at);
size_t pb_lexer_template(pb_lexer *x, size_t at); /* from after the ` or the } that goes on with the text */
size_t pb_lexer_regex(pb_lexer *x, size_t at);
size_t pb_lexer_long_bracket(pb_lexer *x, size_t at); /* Lua's [==[ ... ]==] */
size_t pb_lexer_heredoc(pb_lexer *x, size_t at);      /* notes the word after <<, returns where code goes on */
size_t pb_lexer_bodies(pb_lexer *x, size_t at);       /* at a line's start: past the bodies of the words noted */

/* comment_docstring.c: past the documentation that begins at `at`, or `at` itself where none does. */
size_t pb_lexer_docstring(pb_lexer *x, size_t at);

static inline bool pb_lexer_is(const pb_lexer *x, size_t at, const char *text)
{
	for (; *text; text++, at++)
		if (at >= x->b.size || x->b.data[at] != (uint8_t)*text)
			return false;
	return true;
}

#endif
