/* One object held against one rule set. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "facts/rule_set_inside.h"

enum { META_MAX = 64, META_TEXT = 400, TAGS_MAX = 32, GIVEN_UP = 16 };

/* What one YR_RULES needs: all sources together are one part, each compiled file is another. */
typedef struct part {
	YR_RULES *rules;
	YR_SCANNER *yr;   /* made at its first use, thrown away after a failure */
	size_t file;      /* of a compiled one */
	bool own;         /* rules are ours to destroy */
	char broken[100]; /* why it cannot be loaded; "": it can, or was not tried */
} part;

struct pb_rule_scanner {
	pb_rule_set *set;
	part *part;
	size_t n;
	/* of the running pass */
	const part *now;
	pb_rule_matches *out;
	bool no_memory;
};

pb_rule_scanner *pb_rule_scanner_new(pb_rule_set *set)
{
	pb_rule_scanner *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->set = set;
	s->part = calloc(set->n + 1, sizeof *s->part);
	if (!s->part) {
		free(s);
		return NULL;
	}
	if (set->rules)
		s->part[s->n++].rules = set->rules;
	for (size_t i = 0; i < set->n; i++)
		if (!set->files[i].text) {
			s->part[s->n].own = true;
			s->part[s->n++].file = i;
		}
	return s;
}

void pb_rule_scanner_free(pb_rule_scanner *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++) {
		if (s->part[i].yr)
			yr_scanner_destroy(s->part[i].yr);
		if (s->part[i].own && s->part[i].rules)
			yr_rules_destroy(s->part[i].rules);
	}
	free(s->part);
	free(s);
}

static uint64_t now_micros(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static json_t *shown(const char *s)
{
	return pb_json_display(s, strlen(s), META_TEXT);
}

json_t *pb_yara_meta(const YR_RULE *rule)
{
	json_t *out = json_object();
	YR_META *meta;
	size_t n = 0;

	yr_rule_metas_foreach(rule, meta)
	{
		json_t *value, *key;
		if (!out || n++ == META_MAX)
			break;
		value = meta->type == META_TYPE_INTEGER   ? json_integer((json_int_t)meta->integer)
		        : meta->type == META_TYPE_BOOLEAN ? json_boolean(meta->integer != 0)
		                                          : shown(meta->string);
		key = shown(meta->identifier);
		if (!key || !value || json_object_get(out, json_string_value(key)))
			json_decref(value);
		else
			json_object_set_new(out, json_string_value(key), value);
		json_decref(key);
	}
	return out;
}

json_t *pb_yara_tags(const YR_RULE *rule)
{
	json_t *out = json_array();
	const char *tag;
	size_t n = 0;

	yr_rule_tags_foreach(rule, tag)
	{
		if (!out || n++ == TAGS_MAX)
			break;
		json_array_append_new(out, shown(tag));
	}
	return out;
}

/* The first place of any of its strings. */
static void place(YR_SCAN_CONTEXT *context, const YR_RULE *rule, pb_rule_match *m)
{
	YR_STRING *string;
	YR_MATCH *match;

	m->at = -1;
	yr_rule_strings_foreach(rule, string)
	{
		if (STRING_IS_PRIVATE(string))
			continue;
		yr_string_matches_foreach(context, string, match)
		{
			int64_t at = match->base + match->offset;
			if (m->at >= 0 && at >= m->at)
				continue;
			m->at = at;
			m->length = (uint32_t)match->match_length;
		}
	}
}

static void say(pb_rule_matches *out, const char *words)
{
	if (!out->why[0])
		snprintf(out->why, sizeof out->why, "%s", words);
}

static int take_rule(pb_rule_scanner *s, YR_SCAN_CONTEXT *context, const YR_RULE *rule)
{
	pb_rule_matches *out = s->out;
	pb_rule_match *m;

	if (out->n == PB_RULE_MATCHES) {
		say(out, "more rules match than are told");
		return 0;
	}
	if (out->n == out->cap) {
		size_t cap = out->cap ? out->cap * 2 : 16;
		m = realloc(out->match, cap * sizeof *m);
		if (!m)
			return PB_ENOMEM;
		out->match = m;
		out->cap = cap;
	}
	m = &out->match[out->n];
	memset(m, 0, sizeof *m);
	m->file = s->now->own ? s->now->file : rule->ns->idx < s->set->n_spaces ? s->set->space[rule->ns->idx] : 0;
	m->space = rule->ns->name;
	m->rule = rule->identifier;
	m->meta = pb_yara_meta(rule);
	m->tags = pb_yara_tags(rule);
	place(context, rule, m);
	out->n++;
	return m->meta && m->tags ? 0 : PB_ENOMEM;
}

static int on_event(YR_SCAN_CONTEXT *context, int message, void *data, void *user)
{
	pb_rule_scanner *s = user;

	if (message == CALLBACK_MSG_RULE_MATCHING && take_rule(s, context, data)) {
		s->no_memory = true;
		return CALLBACK_ERROR;
	}
	if (message == CALLBACK_MSG_TOO_MANY_MATCHES) {
		const YR_STRING *string = data;
		char words[120];
		snprintf(words, sizeof words, "too many matches of %.60s", string->identifier);
		say(s->out, words);
	}
	return CALLBACK_CONTINUE;
}

/* Compiled rules are loaded here, in a worker's box: libyara believes every offset in them, and runs what it finds. */
static int load(pb_rule_scanner *s, part *p)
{
	const pb_rule_file *f = &s->set->files[p->file];
	pb_bytes left = f->compiled;
	YR_STREAM stream = {.user_data = &left, .read = pb_patterns_stream_read};
	int code = yr_rules_load_stream(&stream, &p->rules);

	if (code == ERROR_SUCCESS)
		return 0;
	p->rules = NULL;
	if (code == ERROR_INSUFFICIENT_MEMORY)
		return PB_ENOMEM;
	snprintf(p->broken, sizeof p->broken, "%.60s does not load: YARA error %d", f->space, code);
	return 0;
}

static int scanner_of(pb_rule_scanner *s, part *p)
{
	if (yr_scanner_create(p->rules, &p->yr) != ERROR_SUCCESS) {
		p->yr = NULL;
		return PB_ENOMEM;
	}
	yr_scanner_set_callback(p->yr, on_event, s);
	yr_scanner_set_flags(p->yr, SCAN_FLAGS_REPORT_RULES_MATCHING | SCAN_FLAGS_NO_TRYCATCH);
	return 0;
}

/* Its strings are passed over by the bits that YARA itself sets for strings with too many matches: yr_rule_disable alone keeps YARA
 * 4.2 from telling of a rule, not from looking for its strings. */
static void pass_over(YR_SCANNER *yr, YR_RULE *rule)
{
	YR_STRING *string;

	yr_rule_strings_foreach(rule, string) {
		yr_bitmask_set(yr->strings_temp_disabled, string->idx);
	}
}

static const char *meaning(int code)
{
	switch (code) {
	case ERROR_EXEC_STACK_OVERFLOW:
		return " (its condition is too deep)";
	case ERROR_TOO_MANY_MATCHES:
		return " (too many matches)";
	case ERROR_TOO_MANY_RE_FIBERS:
	case ERROR_REGULAR_EXPRESSION_TOO_COMPLEX:
		return " (a string with too many ways to match)";
	default:
		return "";
	}
}

static void drop_matches(pb_rule_matches *m, size_t from)
{
	while (m->n > from) {
		m->n--;
		json_decref(m->match[m->n].meta);
		json_decref(m->match[m->n].tags);
	}
}

/* Why it broke off. *culprit: the rule that it broke off at, NULL where YARA does not know. */
static void broken_off(pb_rule_scanner *s, part *p, int code, YR_RULE **culprit)
{
	char words[200];

	*culprit = code == ERROR_SCAN_TIMEOUT || code == ERROR_INSUFFICIENT_MEMORY ? NULL : yr_scanner_last_error_rule(p->yr);
	if (s->no_memory || code == ERROR_INSUFFICIENT_MEMORY)
		snprintf(words, sizeof words, "memory budget spent");
	else if (code == ERROR_SCAN_TIMEOUT)
		snprintf(words, sizeof words, "time budget spent");
	else if (*culprit)
		snprintf(words, sizeof words, "rule %.100s: YARA error %d%s", (*culprit)->identifier, code, meaning(code));
	else
		snprintf(words, sizeof words, "YARA error %d%s", code, meaning(code));
	say(s->out, words);
	yr_scanner_destroy(p->yr);
	p->yr = NULL;
}

/* One part; a rule that YARA gives up on takes only itself out: the others are tried once more without it. */
static int run_part(pb_rule_scanner *s, part *p, pb_bytes bytes, const char *md5, uint64_t until)
{
	YR_RULE *off[GIVEN_UP];
	size_t n_off = 0, before = s->out->n;
	int rc = 0;

	s->now = p;
	for (;;) {
		uint64_t now = now_micros();
		int code;

		if (now >= until) {
			say(s->out, "time budget spent");
			break;
		}
		rc = p->yr ? 0 : scanner_of(s, p);
		if (rc)
			break;
		/* Whole seconds are all that YARA takes; 0 would be for ever. */
		yr_scanner_set_timeout(p->yr, (int)((until - now + 999999) / 1000000));
		(void)yr_scanner_define_string_variable(p->yr, "md5", md5 ? md5 : ""); /* compiled rules may have none */
		for (size_t i = 0; i < n_off; i++)
			pass_over(p->yr, off[i]);
		p->yr->entry_point = YR_UNDEFINED; /* facts/patterns_scan.c says why */
		code = yr_scanner_scan_mem(p->yr, bytes.size ? bytes.data : (const uint8_t *)"", bytes.size);
		if (code == ERROR_SUCCESS && !s->no_memory)
			break;
		drop_matches(s->out, before);
		YR_RULE *culprit;
		broken_off(s, p, code, &culprit);
		if (!culprit || n_off == GIVEN_UP)
			break;
		yr_rule_disable(culprit);
		off[n_off++] = culprit;
	}
	/* The next object is asked by all of them again: results must not depend on what came before. */
	while (n_off > 0)
		yr_rule_enable(off[--n_off]);
	return rc;
}

int pb_rule_scanner_run(pb_rule_scanner *s, pb_bytes bytes, const char *md5, uint64_t micros, pb_rule_matches *out)
{
	uint64_t begun = now_micros();
	int rc = 0;

	memset(out, 0, sizeof *out);
	s->out = out;
	s->no_memory = false;
	for (size_t i = 0; i < s->n && !rc; i++) {
		part *p = &s->part[i];
		if (!p->rules && !p->broken[0])
			rc = load(s, p);
		if (p->broken[0])
			say(out, p->broken);
		else if (!rc)
			rc = run_part(s, p, bytes, md5, begun + micros);
	}
	out->micros = now_micros() - begun;
	if (rc)
		pb_rule_matches_free(out);
	return rc;
}

void pb_rule_matches_free(pb_rule_matches *m)
{
	drop_matches(m, 0);
	free(m->match);
	memset(m, 0, sizeof *m);
}
