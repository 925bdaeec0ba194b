/* Where the comments of a source lie. A hit in a comment weighs less, so what is not surely a comment is none: a string that
 * does not end on its line is taken for a lone quote, a block comment without an end for two operators. */
#include <stdlib.h>
#include <string.h>

#include "facts/comment_syntax.h"

enum { SPANS_MAX = 1 << 20 };

static const pb_syntax syntaxes[] = {
    {" c cpp csharp java kotlin swift scala rust-source ", {"//"}, "/*", "*/", "\"'", PB_SYNTAX_TRIPLE},
    {" go-source ", {"//"}, "/*", "*/", "\"'", PB_SYNTAX_RAW},
    {" javascript typescript ", {"//"}, "/*", "*/", "\"'", PB_SYNTAX_TEMPLATE | PB_SYNTAX_REGEX},
    {" php ", {"//", "#"}, "/*", "*/", "\"'", PB_SYNTAX_PHP | PB_SYNTAX_MULTILINE | PB_SYNTAX_HEREDOC},
    {" css ", {NULL}, "/*", "*/", "\"'", 0},
    {" shell script ", {"#"}, NULL, NULL, "\"'", PB_SYNTAX_WORD | PB_SYNTAX_MULTILINE | PB_SYNTAX_HEREDOC},
    {" python ", {"#"}, NULL, NULL, "\"'", PB_SYNTAX_TRIPLE | PB_SYNTAX_DOCSTRING},
    {" perl ruby ", {"#"}, NULL, NULL, "\"'", PB_SYNTAX_WORD | PB_SYNTAX_HEREDOC | PB_SYNTAX_POD},
    {" powershell ", {"#"}, "<#", "#>", "\"'", PB_SYNTAX_WORD | PB_SYNTAX_MULTILINE},
    {" awk r make cmake dockerfile tcl yaml toml ", {"#"}, NULL, NULL, "\"'", PB_SYNTAX_WORD},
    {" lua ", {"--"}, NULL, NULL, "\"'", PB_SYNTAX_LUA},
    {" sql ", {"--"}, "/*", "*/", "\"'", PB_SYNTAX_MULTILINE},
    {" lisp ", {";"}, "#|", "|#", "\"", PB_SYNTAX_MULTILINE},
    {" vbscript ", {"'"}, NULL, NULL, "\"", 0},
    {" batch ", {"rem ", "::"}, NULL, NULL, "", PB_SYNTAX_FIRST | PB_SYNTAX_NOCASE},
    {" ini ", {"#", ";"}, NULL, NULL, "", PB_SYNTAX_FIRST},
    {" po ", {"#"}, NULL, NULL, "", PB_SYNTAX_FIRST},
    {" roff ", {".\\\"", "'\\\""}, NULL, NULL, "", PB_SYNTAX_FIRST},
    {" assembler ", {NULL}, "/*", "*/", "\"", 0},
    {" html xml svg markdown ", {NULL}, "<!--", "-->", "", 0},
};

typedef struct span {
	uint64_t from, to;
} span;

struct pb_comments {
	span *spans; /* in order, apart from each other */
	size_t n, cap;
};

const pb_syntax *pb_syntax_of(const pb_kind *kind)
{
	size_t n = strlen(kind->name);
	for (size_t i = 0; i < sizeof syntaxes / sizeof syntaxes[0]; i++)
		for (const char *k = strstr(syntaxes[i].kinds, kind->name); k; k = strstr(k + 1, kind->name))
			if (k[-1] == ' ' && k[n] == ' ')
				return &syntaxes[i];
	return NULL;
}

static bool add(pb_comments *c, size_t from, size_t to)
{
	if (c->n == c->cap) {
		size_t cap = c->cap ? c->cap * 2 : 32;
		span *more = realloc(c->spans, cap * sizeof *more);
		if (!more)
			return false;
		c->spans = more;
		c->cap = cap;
	}
	c->spans[c->n++] = (span){from, to};
	return true;
}

pb_comments *pb_comments_of(pb_bytes bytes, const pb_kind *kind)
{
	const pb_syntax *syntax = pb_syntax_of(kind);
	pb_comments *c = syntax ? calloc(1, sizeof *c) : NULL;
	pb_lexer x;

	if (!c)
		return NULL;
	pb_lexer_begin(&x, bytes, syntax);
	for (size_t at = 0; at < bytes.size && c->n < SPANS_MAX;) {
		bool comment = false;
		size_t next = pb_lexer_step(&x, at, &comment);
		if (comment && !add(c, at, next)) {
			pb_comments_free(c);
			return NULL;
		}
		at = next;
	}
	return c;
}

bool pb_comments_at(const pb_comments *c, uint64_t at)
{
	size_t lo = 0, hi = c ? c->n : 0;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (at < c->spans[mid].from)
			hi = mid;
		else if (at >= c->spans[mid].to)
			lo = mid + 1;
		else
			return true;
	}
	return false;
}

void pb_comments_free(pb_comments *c)
{
	if (!c)
		return;
	free(c->spans);
	free(c);
}
