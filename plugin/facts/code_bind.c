/* The first pass: what do the names of a file stand for? Modules and their functions; and names that have one constant value in
 * the whole file. What is bound twice, as a parameter, or by a loop stands for nothing. */
#include <string.h>

#include "facts/code.h"

enum { LIST_MAX = 4000 };

static void lose(pb_script *c, size_t i)
{
	if (i < c->n && c->tokens[i].kind == PB_TOKEN_NAME)
		pb_code_bind(c, pb_token_bytes(c, i), NULL, false);
}

static void bind_alias(pb_script *c, size_t i, const char *module, pb_bytes member)
{
	char name[2 * PB_CODE_NAME];
	size_t n = strlen(module);

	if (i >= c->n || c->tokens[i].kind != PB_TOKEN_NAME || n + member.size + 2 > PB_CODE_NAME)
		return;
	for (size_t k = 0; k < n; k++) /* no text with an end: a value has a size */
		name[k] = module[k];
	if (member.size) {
		name[n++] = '.';
		memcpy(name + n, member.data, member.size);
		n += member.size;
	}
	pb_value v = pb_value_text(c, (const uint8_t *)name, n);
	if (v.kind == PB_VALUE_TEXT)
		pb_code_bind(c, pb_token_bytes(c, i), &v, true);
}

/* Does the expression end before token i? */
static bool ends(const pb_script *c, size_t i)
{
	if (i >= c->n || c->tokens[i].kind == PB_TOKEN_LINE || c->tokens[i].kind == PB_TOKEN_NAME)
		return true;
	return pb_token_is(c, i, ";") || pb_token_is(c, i, ",") || pb_token_is(c, i, ")") || pb_token_is(c, i, "}");
}

/* All names in the bracket: { a, b: c }, (a, b = 1). */
static void lose_all(pb_script *c, size_t open)
{
	size_t end = c->tokens[open].match;
	for (size_t i = open + 1, left = LIST_MAX; i < end && left > 0 && c->steps > 0; i++, left--) {
		c->steps--;
		lose(c, i);
	}
}

/* { a, b: c } of a module, by the bracket that opens it. */
static void members(pb_script *c, size_t open, const char *module, const char *as)
{
	size_t end = c->tokens[open].match, left = LIST_MAX;

	for (size_t i = open + 1; i < end && left > 0 && c->steps > 0; left--, c->steps--) {
		pb_bytes member = pb_token_bytes(c, i);
		if (c->tokens[i].kind == PB_TOKEN_NAME)
			bind_alias(c, pb_token_is(c, i + 1, as) ? i + 2 : i, module, member);
		i = pb_code_skip(c, i, end) + 1;
	}
}

static bool module_text(pb_script *c, size_t i, char module[PB_CODE_NAME])
{
	if (i >= c->n || c->tokens[i].kind != PB_TOKEN_STRING)
		return false;
	pb_value v = pb_code_literal(c, pb_token_bytes(c, i));
	if (v.kind != PB_VALUE_TEXT || v.n == 0 || v.n >= PB_CODE_NAME || memchr(v.text, 0, v.n))
		return false;
	bool node = v.n > 5 && memcmp(v.text, "node:", 5) == 0;
	memcpy(module, v.text + (node ? 5 : 0), v.n - (node ? 5 : 0));
	module[v.n - (node ? 5 : 0)] = '\0';
	return true;
}

/* import a, { b as c } from "m"; import * as d from "m" */
static void javascript_import(pb_script *c, size_t i)
{
	char module[PB_CODE_NAME];
	size_t from = i + 1, left = 12;

	while (from < c->n && left-- > 0 && !pb_token_is(c, from, "from") && !pb_token_is(c, from, ";"))
		from = pb_token_is(c, from, "{") ? (size_t)c->tokens[from].match + 1 : from + 1;
	if (!pb_token_is(c, from, "from") || !module_text(c, from + 1, module))
		return;
	for (size_t k = i + 1; k < from; k++) {
		if (pb_token_is(c, k, "{")) {
			if (c->tokens[k].match > k)
				members(c, k, module, "as");
			k = c->tokens[k].match;
		} else if (!pb_token_is(c, k, "as") && !pb_token_is(c, k, "type")) {
			bind_alias(c, k, module, (pb_bytes){NULL, 0});
		}
	}
}

/* a.b at i into name; past it. */
static size_t python_module(pb_script *c, size_t i, char name[PB_CODE_NAME])
{
	size_t n = 0;
	name[0] = '\0';
	for (; i < c->n && (c->tokens[i].kind == PB_TOKEN_NAME || pb_token_is(c, i, ".")); i++) {
		pb_bytes b = pb_token_bytes(c, i);
		if (n > 0 && c->tokens[i].kind == PB_TOKEN_NAME && name[n - 1] != '.')
			break;
		if (n + b.size >= PB_CODE_NAME)
			return c->n;
		memcpy(name + n, b.data, b.size);
		name[n += b.size] = '\0';
	}
	return i;
}

/* import a.b as c, d */
static void python_import(pb_script *c, size_t i)
{
	char module[PB_CODE_NAME];
	do {
		size_t first = ++i;
		i = python_module(c, i, module);
		if (pb_token_is(c, i, "as")) {
			bind_alias(c, i + 1, module, (pb_bytes){NULL, 0});
			i += 2;
		} else if (module[0] && i > first) {
			char top[PB_CODE_NAME];
			memcpy(top, module, sizeof top);
			top[strcspn(top, ".")] = '\0';
			bind_alias(c, first, top, (pb_bytes){NULL, 0});
		}
	} while (pb_token_is(c, i, ","));
}

/* from a.b import (c as d, e) */
static void python_from(pb_script *c, size_t i)
{
	char module[PB_CODE_NAME];
	size_t left = LIST_MAX;

	i = python_module(c, i + 1, module);
	if (!pb_token_is(c, i, "import") || !module[0])
		return;
	i += 1 + pb_token_is(c, i + 1, "(");
	while (i < c->n && c->tokens[i].kind == PB_TOKEN_NAME && left-- > 0) {
		bool as = pb_token_is(c, i + 1, "as");
		bind_alias(c, as ? i + 2 : i, module, pb_token_bytes(c, i));
		i += as ? 3 : 1;
		if (!pb_token_is(c, i, ","))
			break;
		i++;
	}
}

/* Names of the language that are worth another name. */
static bool is_builtin(const char *name)
{
	static const char *const names[] = {"eval", "Function", "require", "fetch",     "atob",
	                                    "exec", "compile",  "process", "__import__"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* The module or function that the expression at i is, and nothing more. */
static bool alias_at(pb_script *c, size_t i, char name[PB_CODE_NAME])
{
	size_t end;
	i += pb_token_is(c, i, "await");
	if (!pb_code_name(c, i, &end, name, 0) || !ends(c, end))
		return false;
	pb_bytes own = pb_token_bytes(c, i);
	bool changed = strlen(name) < own.size || memcmp(name, own.data, own.size) != 0 || pb_code_bound(c, own, true);
	bool loaded = end > i + 1 && pb_token_is(c, i + 1, "(");
	return changed || loaded || is_builtin(name);
}

/* name = ... at the sign. */
static void assignment(pb_script *c, size_t sign)
{
	char name[PB_CODE_NAME];
	size_t end, to = sign - 1;
	pb_code_mark mark = pb_code_mark_now(c);

	if (pb_token_is(c, to, "}") && c->tokens[to].match < to) {
		if (alias_at(c, sign + 1, name))
			members(c, c->tokens[to].match, name, ":");
		else
			lose_all(c, c->tokens[to].match);
		return;
	}
	if (c->tokens[to].kind != PB_TOKEN_NAME || (to > 0 && pb_code_separator(c, to - 1)))
		return;
	if (alias_at(c, sign + 1, name)) {
		bind_alias(c, to, name, (pb_bytes){NULL, 0});
		return;
	}
	pb_value v = pb_code_value(c, sign + 1, &end, 0);
	if (v.kind != PB_VALUE_UNKNOWN && ends(c, end)) {
		pb_code_bind(c, pb_token_bytes(c, to), &v, false);
		return;
	}
	pb_code_release(c, mark);
	lose(c, to);
}

/* Parameters, loop variables, and whatever else gives a name a value that is not seen. */
static void lost_names(pb_script *c, size_t i)
{
	if (pb_token_is(c, i, "function") || pb_token_is(c, i, "def") || pb_token_is(c, i, "fn") ||
	    pb_token_is(c, i, "catch")) {
		size_t open = i + 1;
		while (open < c->n && open < i + 4 && !pb_token_is(c, open, "("))
			open++;
		if (pb_token_is(c, open, "(") && c->tokens[open].match > open)
			lose_all(c, open);
	} else if (pb_token_is(c, i, "=>") && i > 0) {
		if (pb_token_is(c, i - 1, ")") && c->tokens[i - 1].match < i - 1)
			lose_all(c, c->tokens[i - 1].match);
		else
			lose(c, i - 1);
	} else if (pb_token_is(c, i, "for") || pb_token_is(c, i, "foreach")) {
		for (size_t k = i + 1; k < c->n && k < i + 6 && !pb_token_is(c, k, "in") && !pb_token_is(c, k, "of"); k++)
			lose(c, k);
	} else if (pb_token_is(c, i, "as") && c->language == PB_PHP) {
		lose(c, i + 1);
	} else if (c->tokens[i].kind == PB_TOKEN_PUNCT && c->tokens[i].size >= 2 && i > 0) {
		pb_bytes b = pb_token_bytes(c, i);
		bool changes = b.data[b.size - 1] == '=' && strchr("+-.*/|&^%?<>", b.data[0]) && !pb_token_is(c, i, "<=") &&
		               !pb_token_is(c, i, ">=");
		if (changes || pb_token_is(c, i, "++") || pb_token_is(c, i, "--"))
			lose(c, i - 1);
	}
}

void pb_code_bindings(pb_script *c)
{
	bool python = c->language == PB_PYTHON;
	size_t inside = 0; /* of brackets, to here: f(x=1) gives nothing a value */

	for (size_t i = 0; i < c->n && !c->failed; i++) {
		uint8_t first = c->tokens[i].first;
		if (first == 0 || first == ',' || first == ';' || first == '.' || first == ')')
			continue;
		if (python && i >= inside && c->tokens[i].match > i)
			inside = c->tokens[i].match;
		bool member = i > 0 && pb_code_separator(c, i - 1);
		if (pb_token_is(c, i, "=") && i > 0 && !(python && i < inside))
			assignment(c, i);
		else if (pb_token_is(c, i, "import") && !member && c->language == PB_JAVASCRIPT)
			javascript_import(c, i);
		else if (pb_token_is(c, i, "import") && python &&
		         (i == 0 || c->tokens[i - 1].kind == PB_TOKEN_LINE || pb_token_is(c, i - 1, ";") ||
		          pb_token_is(c, i - 1, ":")))
			python_import(c, i);
		else if (pb_token_is(c, i, "from") && python &&
		         (i == 0 || c->tokens[i - 1].kind == PB_TOKEN_LINE || pb_token_is(c, i - 1, ";") ||
		          pb_token_is(c, i - 1, ":")))
			python_from(c, i);
		else if (!member)
			lost_names(c, i);
	}
}
