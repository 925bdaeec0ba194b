/* The second pass: calls with what is constant of their arguments, and texts. */
#include <string.h>

#include "facts/code.h"

enum { CALLS_MAX = 100, ARGS_MAX = 8, SHOWN_MAX = 16, ARG_SHOWN = 256, NAMES_MAX = 50, EVAL_WINDOW = 64, DECODED_MAX = 300 };

static json_t *shown(const pb_value *v)
{
	if (v->kind == PB_VALUE_TEXT)
		return pb_json_display(v->text, v->n, ARG_SHOWN);
	return v->kind == PB_VALUE_NUMBER ? json_integer(v->number) : json_false();
}

/* Lists lie flat: spawn("sh", ["-c", "id"]) is told as "sh", "-c", "id". False: no memory. */
static bool show(json_t *list, const pb_value *v)
{
	if (v->kind != PB_VALUE_LIST)
		return json_array_size(list) >= SHOWN_MAX || json_array_append_new(list, shown(v)) == 0;
	for (size_t i = 0; i < v->n && json_array_size(list) < SHOWN_MAX; i++)
		if (json_array_append_new(list, shown(&v->items[i])))
			return false;
	return true;
}

static bool has_constant(const pb_value *v)
{
	for (size_t i = 0; v->kind == PB_VALUE_LIST && i < v->n && i < ARGS_MAX; i++)
		if (has_constant(&v->items[i]))
			return true;
	return v->kind == PB_VALUE_TEXT && v->n > 0;
}

static size_t length_of(const json_t *list)
{
	size_t n = 0, i;
	json_t *item;
	json_array_foreach (list, i, item)
		n += json_is_string(item) ? json_string_length(item) : 8;
	return n;
}

static bool has(const pb_value *v)
{
	return v && v->kind == PB_VALUE_TEXT && v->n > 0;
}

static bool put_text(json_t *entry, const char *key, const pb_value *v, size_t *length)
{
	json_t *text = has(v) ? pb_json_display(v->text, v->n, ARG_SHOWN) : NULL;
	*length += text ? json_string_length(text) : 0;
	return !has(v) || json_object_set_new(entry, key, text) == 0;
}

static bool put_origin(json_t *entry, const pb_code_origin *o, size_t *length)
{
	pb_value from = {.kind = PB_VALUE_TEXT, .text = (const uint8_t *)o->from, .n = o->from ? strlen(o->from) : 0};
	return put_text(entry, "from", &from, length) && put_text(entry, "to", o->to, length) &&
	       put_text(entry, "reads", o->reads, length) && put_text(entry, "input", o->input, length);
}

int pb_code_call_add(pb_script *c, pb_code_fact *f, const char *name, const pb_value *args, size_t n, uint64_t at,
                     const pb_code_origin *origin)
{
	json_t *list = json_array(), *entry = NULL;
	bool decoded = origin && has(origin->input) && origin->input->decoded;
	size_t length = strlen(name) + 32;
	char *key = NULL;
	int rc = list ? 0 : PB_ENOMEM;

	for (size_t i = 0; !rc && i < n && i < SHOWN_MAX; i++) {
		decoded |= args[i].decoded;
		rc = show(list, &args[i]) ? 0 : PB_ENOMEM;
	}
	if (!rc)
		entry = json_pack("{s:o, s:O}", "name", pb_json_display(name, strlen(name), 0), "args", list);
	if (entry && decoded && json_object_set_new(entry, "decoded", json_true()))
		rc = PB_ENOMEM;
	if (entry && origin && !put_origin(entry, origin, &length))
		rc = PB_ENOMEM;
	key = entry && !rc ? pb_json_canonical(entry) : NULL;
	if (!key) {
		rc = PB_ENOMEM;
	} else if (!json_object_get(f->seen, key)) {
		bool weak = origin && origin->weak;
		length += length_of(list);
		if (json_array_size(f->calls) >= CALLS_MAX / (weak ? 2 : 1) || f->room / (weak ? 2 : 1) < length) {
			c->cut = true;
		} else {
			f->room -= length;
			if (json_object_set_new(entry, "at", json_integer((json_int_t)at)) ||
			    json_array_append(f->calls, entry) || json_object_set_new(f->seen, key, json_true()))
				rc = PB_ENOMEM;
		}
	}
	free(key);
	json_decref(entry);
	json_decref(list);
	return rc;
}

/* Timers are given functions, which may well decode something: only a text that they run counts. */
static bool is_timer(const char *name)
{
	return strcmp(name, "setTimeout") == 0 || strcmp(name, "setInterval") == 0;
}

/* Does something decode between the brackets of a call? */
static bool decodes_inside(pb_script *c, size_t open)
{
	size_t end = c->tokens[open].match;
	char name[PB_CODE_NAME];

	for (size_t i = open + 1, left = EVAL_WINDOW; i < end && left > 0; i++, left--) {
		size_t past;
		if (c->tokens[i].kind != PB_TOKEN_NAME || pb_code_separator(c, i - 1))
			continue;
		if (pb_code_name(c, i, &past, name, 1) && pb_token_is(c, past, "(")) {
			pb_decoder how = pb_code_known(c->language, name).how;
			if (how != PB_DECODE_NONE && how != PB_DECODE_SAME && how != PB_DECODE_MAP && how != PB_DECODE_JOIN)
				return true;
		}
	}
	return false;
}

/* function f(...), f(...) { */
static bool is_definition(const pb_script *c, size_t i, size_t open)
{
	bool word = i > 0 && (pb_token_is(c, i - 1, "function") || pb_token_is(c, i - 1, "def") ||
	                      pb_token_is(c, i - 1, "class") || pb_token_is(c, i - 1, "sub"));
	return word || ((c->language & (PB_JAVASCRIPT | PB_PHP)) && pb_token_is(c, c->tokens[open].match + 1, "{"));
}

/* A text that is decoded is told where it is decoded, whatever it is then given to. */
static int decoded_text(pb_script *c, pb_code_fact *f, size_t i)
{
	size_t end;
	pb_value v = c->tokens[i].kind == PB_TOKEN_NAME ? pb_code_value(c, i, &end, 0) : (pb_value){.kind = PB_VALUE_UNKNOWN};

	return v.kind == PB_VALUE_TEXT && v.decoded && v.n <= DECODED_MAX ? pb_code_string_add(c, f, &v, c->tokens[i].at) : 0;
}

/* name(...) with its bracket at open. */
static int call(pb_script *c, pb_code_fact *f, const char *name, size_t i, size_t open)
{
	pb_value args[ARGS_MAX];
	bool constant = false, decoded = false;
	size_t n = pb_code_arguments(c, open, args, ARGS_MAX, 0), told = n < ARGS_MAX ? n : ARGS_MAX;
	uint64_t at = c->tokens[i].at;
	pb_known known = pb_code_known(c->language, name);

	for (size_t k = 0; k < told; k++) {
		constant |= has_constant(&args[k]);
		decoded |= args[k].decoded;
	}
	if (known.lists & PB_KNOWN_LOADS)
		return n == 0 || args[0].kind == PB_VALUE_TEXT ? 0 : (f->dynamic++, 0);
	if ((known.lists & PB_KNOWN_RUNS) && (is_timer(name) ? args[0].decoded : decoded || decodes_inside(c, open)))
		f->decode_eval++;
	if (known.how != PB_DECODE_NONE && known.how != PB_DECODE_SAME) {
		int rc = decoded_text(c, f, i);
		if (rc || known.how != PB_DECODE_NAMED)
			return rc;
	}
	/* Methods of a value that is computed are told by their name alone: "".join(...) is how the value was made. */
	if (((known.lists & PB_KNOWN_TOLD) && constant) || (known.lists & PB_KNOWN_SPAWNS) || (decoded && name[0] != '?'))
		return pb_code_call_add(c, f, name, args, told, at, NULL);
	return 0;
}

static int environment(pb_script *c, pb_code_fact *f, const char *name)
{
	const char *prefix = c->language == PB_JAVASCRIPT ? "process.env." : "os.environ.";
	size_t n = strlen(prefix);

	if (!(c->language & (PB_JAVASCRIPT | PB_PYTHON)) || strncmp(name, prefix, n) != 0)
		return 0;
	if (c->language == PB_PYTHON &&
	    (strcmp(name + n, "get") == 0 || strcmp(name + n, "copy") == 0 || strcmp(name + n, "items") == 0))
		return 0;
	json_t *shown_name = pb_json_display(name + n, strlen(name + n), 0);
	if (!shown_name)
		return PB_ENOMEM;
	int rc = 0;
	if (json_object_size(f->environment) == NAMES_MAX)
		c->cut = true;
	else
		rc = json_object_set_new(f->environment, json_string_value(shown_name), json_true()) ? PB_ENOMEM : 0;
	json_decref(shown_name);
	return rc;
}

/* A name without brackets and a text behind it: system "x", include 'y'. */
static int bare_call(pb_script *c, pb_code_fact *f, const char *name, size_t i, size_t next)
{
	size_t end;
	if (!(c->language & (PB_RUBY | PB_PERL | PB_PHP)) || next >= c->n)
		return 0;
	pb_known known = pb_code_known(c->language, name);
	if (known.lists & PB_KNOWN_LOADS)
		return c->tokens[next].kind == PB_TOKEN_NAME && c->tokens[next].size > 1 && c->language == PB_PHP
		           ? (f->dynamic++, 0)
		           : 0;
	if (c->tokens[next].kind != PB_TOKEN_STRING || !(known.lists & PB_KNOWN_TOLD) || c->language == PB_PHP)
		return 0;
	pb_value v = pb_code_value(c, next, &end, 0);
	return v.kind == PB_VALUE_TEXT ? pb_code_call_add(c, f, name, &v, 1, c->tokens[i].at, NULL) : 0;
}

/* May a name that is followed by token i be called, have members, or be given a text? Most names are not. */
static bool goes_on(const pb_script *c, size_t i)
{
	if (i >= c->n)
		return false;
	if (c->language & (PB_RUBY | PB_PERL | PB_PHP) &&
	    (c->tokens[i].kind == PB_TOKEN_STRING || c->tokens[i].kind == PB_TOKEN_NAME))
		return true;
	uint8_t b = c->tokens[i].first;
	return b == '(' || b == '[' || b == '.' || b == ':' || b == '-' || b == '?' || b == '\\';
}

/* *past: where the name ends; what lies before was a part of it. */
static int at_name(pb_script *c, pb_code_fact *f, size_t i, size_t *past)
{
	char name[PB_CODE_NAME];
	size_t end;

	if (!pb_code_name(c, i, &end, name, 0))
		return 0;
	*past = end;
	if (pb_token_is(c, end, "(") && c->tokens[end].match > end)
		return is_definition(c, i, end) ? 0 : call(c, f, name, i, end);
	int rc = environment(c, f, name);
	return rc ? rc : bare_call(c, f, name, i, end);
}

/* (0, name)(...) at the second bracket: how compilers call a function of a module. */
static int at_pair(pb_script *c, pb_code_fact *f, size_t open)
{
	char name[PB_CODE_NAME];
	size_t end, first = c->tokens[open - 1].match;

	if (first + 4 > open || c->tokens[first + 1].kind != PB_TOKEN_NUMBER || !pb_token_is(c, first + 2, ",") ||
	    !pb_code_name(c, first + 3, &end, name, 0) || end != open - 1)
		return 0;
	return call(c, f, name, first, open);
}

/* A text, with all that is joined to it. */
static int at_string(pb_script *c, pb_code_fact *f, size_t i, size_t *joined)
{
	size_t end = i + 1;
	pb_value v = pb_code_value(c, i, &end, 0);

	if (v.kind == PB_VALUE_UNKNOWN) {
		v = pb_code_literal(c, pb_token_bytes(c, i));
		end = i + 1;
	}
	*joined = end;
	return v.kind == PB_VALUE_TEXT ? pb_code_string_add(c, f, &v, c->tokens[i].at) : 0;
}

static int at_command(pb_script *c, pb_code_fact *f, size_t i)
{
	pb_bytes b = pb_token_bytes(c, i);
	pb_value v = pb_value_text(c, b.data + 1, b.size - 2);
	return pb_code_call_add(c, f, "`", &v, 1, c->tokens[i].at, NULL);
}

int pb_code_calls(pb_script *c, pb_code_fact *f)
{
	size_t joined = 0; /* texts up to here were told as a part of another, */
	size_t named = 0;  /* and names up to here */
	int rc = 0;

	for (size_t i = 0; i < c->n && !rc && !c->failed; i++) {
		pb_token_kind kind = c->tokens[i].kind;
		if (kind == PB_TOKEN_NUMBER || kind == PB_TOKEN_LINE || kind == PB_TOKEN_OTHER)
			continue;
		pb_code_mark mark = pb_code_mark_now(c);
		bool after_dot = i > 0 && pb_code_separator(c, i - 1);
		bool of_value = i > 0 && (pb_token_is(c, i - 1, ")") || pb_token_is(c, i - 1, "]") ||
		                          c->tokens[i - 1].kind == PB_TOKEN_STRING);

		if (c->steps == 0) {
			c->cut = true;
			break;
		}
		if (kind == PB_TOKEN_NAME && !after_dot && goes_on(c, i + 1))
			rc = at_name(c, f, i, &named);
		else if (of_value && i >= named && pb_code_separator(c, i))
			rc = at_name(c, f, i, &named);
		else if (c->language == PB_JAVASCRIPT && of_value && pb_token_is(c, i, "(") && c->tokens[i].match > i)
			rc = at_pair(c, f, i);
		else if (kind == PB_TOKEN_STRING && i >= joined)
			rc = at_string(c, f, i, &joined);
		else if (kind == PB_TOKEN_COMMAND)
			rc = at_command(c, f, i);
		pb_code_release(c, mark);
	}
	return c->failed ? PB_ENOMEM : rc;
}
