/* Dotted names and what they stand for: modules that were imported, functions that were given another name, names in brackets
 * (process["mainModule"]) and those that getattr finds. */
#include <string.h>

#include "facts/code.h"

bool pb_code_separator(const pb_script *c, size_t i)
{
	if (pb_token_is(c, i, "->") || pb_token_is(c, i, "::"))
		return true;
	if (c->language & (PB_PHP | PB_PERL))
		return c->language == PB_PHP && pb_token_is(c, i, "\\");
	return pb_token_is(c, i, ".") || pb_token_is(c, i, "?.");
}

static bool append(char name[PB_CODE_NAME], pb_bytes part, bool dot)
{
	size_t n = strlen(name);
	if (part.size == 0 || n + dot + part.size >= PB_CODE_NAME)
		return false;
	if (dot)
		name[n++] = '.';
	memcpy(name + n, part.data, part.size);
	name[n + part.size] = '\0';
	return true;
}

static bool is_words(pb_bytes b, bool module)
{
	for (size_t i = 0; i < b.size; i++)
		if (!pb_code_word(b.data[i]) &&
		    !(b.data[i] == '-' || b.data[i] == '.' || (module && strchr("/@:", b.data[i]) && b.data[i])))
			return false;
	return b.size > 0;
}

/* The words of a token: \u0065val is eval. */
static pb_bytes words_of(pb_script *c, size_t i)
{
	pb_bytes b = pb_token_bytes(c, i);
	char quoted[PB_CODE_NAME + 2];

	if (c->language != PB_JAVASCRIPT || b.size == 0 || b.size >= PB_CODE_NAME || !memchr(b.data, '\\', b.size))
		return b;
	quoted[0] = '"';
	memcpy(quoted + 1, b.data, b.size);
	quoted[b.size + 1] = '"';
	pb_value v = pb_code_literal(c, (pb_bytes){(const uint8_t *)quoted, b.size + 2});
	return v.kind == PB_VALUE_TEXT && v.made ? (pb_bytes){v.text, v.n} : b;
}

static bool strip(char *name, const char *prefix)
{
	size_t n = strlen(prefix);
	if (strncmp(name, prefix, n) != 0)
		return false;
	memmove(name, name + n, strlen(name + n) + 1);
	return true;
}

/* require("x"), getattr(x, "y"): the name that such a call at `open` gives; *end: past it. */
static bool by_call(pb_script *c, char name[PB_CODE_NAME], size_t open, size_t *end, int depth)
{
	pb_value a[2];
	char of[PB_CODE_NAME];
	size_t past;

	if (!pb_token_is(c, open, "(") || c->tokens[open].match <= open || depth > PB_CODE_DEPTH)
		return false;
	bool attribute = c->language == PB_PYTHON && strcmp(name, "getattr") == 0;
	if (!attribute && !(pb_code_known(c->language, name).lists & PB_KNOWN_LOADS))
		return false;
	size_t n = pb_code_arguments(c, open, a, 2, depth + 1);
	if (attribute && n >= 2 && a[1].kind == PB_VALUE_TEXT && is_words((pb_bytes){a[1].text, a[1].n}, false) &&
	    pb_code_name(c, open + 1, &past, of, depth + 1) && pb_token_is(c, past, ",")) {
		memcpy(name, of, sizeof of);
		*end = (size_t)c->tokens[open].match + 1;
		return append(name, (pb_bytes){a[1].text, a[1].n}, true);
	}
	if (attribute || n == 0 || a[0].kind != PB_VALUE_TEXT || !is_words((pb_bytes){a[0].text, a[0].n}, true))
		return false;
	char module[PB_CODE_NAME] = "";
	if (!append(module, (pb_bytes){a[0].text, a[0].n}, false))
		return false;
	(void)strip(module, "node:");
	memcpy(name, module, sizeof module);
	*end = (size_t)c->tokens[open].match + 1;
	return true;
}

/* The first part of the name: as it is written, or what it stands for. */
static bool root(pb_script *c, size_t i, char name[PB_CODE_NAME])
{
	pb_bytes own = words_of(c, i);
	const pb_value *alias = pb_code_bound(c, own, true);

	name[0] = '\0';
	if (!alias && c->language & (PB_PHP | PB_POWERSHELL) && pb_token_is(c, i + 1, "(")) {
		alias = pb_code_bound(c, own, false); /* $f("x") with $f = "system" */
		if (alias && (alias->kind != PB_VALUE_TEXT || !is_words((pb_bytes){alias->text, alias->n}, false)))
			alias = NULL;
	}
	return append(name, alias ? (pb_bytes){alias->text, alias->n} : own, false);
}

/* ["name"] at i. */
static bool bracketed(pb_script *c, size_t i, char name[PB_CODE_NAME], size_t *end, int depth)
{
	size_t past;
	if (!pb_token_is(c, i, "[") || c->tokens[i].match <= i || depth > PB_CODE_DEPTH)
		return false;
	pb_value v = pb_code_value(c, i + 1, &past, depth + 1);
	if (v.kind != PB_VALUE_TEXT || past != c->tokens[i].match || !is_words((pb_bytes){v.text, v.n}, false))
		return false;
	*end = past + 1;
	return append(name, (pb_bytes){v.text, v.n}, true);
}

bool pb_code_name(pb_script *c, size_t i, size_t *end, char name[PB_CODE_NAME], int depth)
{
	if (i >= c->n || depth > PB_CODE_DEPTH)
		return false;
	if (pb_code_separator(c, i)) {
		memcpy(name, "?", 2); /* of something that is computed */
	} else if (c->tokens[i].kind != PB_TOKEN_NAME || !root(c, i, name)) {
		return false;
	} else {
		i++;
	}
	for (;;) {
		size_t past;
		if (by_call(c, name, i, &past, depth))
			i = past;
		else if (pb_code_separator(c, i) && i + 1 < c->n && c->tokens[i + 1].kind == PB_TOKEN_NAME) {
			if (!append(name, words_of(c, i + 1), true))
				return false;
			i += 2;
		} else if (bracketed(c, i, name, &past, depth)) {
			i = past;
		} else {
			break;
		}
	}
	while (c->language == PB_JAVASCRIPT && (strip(name, "globalThis.") || strip(name, "window.") || strip(name, "global.")))
		;
	if (c->language == PB_PYTHON)
		(void)(strip(name, "__builtins__.") || strip(name, "builtins."));
	*end = i;
	return true;
}
