#include "facts/own_rules.h"

#include <stdlib.h>
#include <string.h>

#include "facts/rule_set_inside.h"

struct pb_own_rules {
	char *text;
	pb_rule_text source;
	pb_rule_file file;
	pb_rule_set *set;
	YR_SCANNER *yr; /* made at the first run, thrown away after a failure */
	/* of the running pass */
	json_t *out;
	size_t matches;
	bool no_memory, too_many;
};

int pb_own_rules_open(const char *text, const char *name, pb_own_rules **out, pb_error *err)
{
	pb_own_rules *r = calloc(1, sizeof *r);
	int rc;

	if (!r || !(r->text = strdup(text))) {
		free(r);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	r->source.text = r->text;
	r->file = (pb_rule_file){.space = "own", .file = name, .text = &r->source};
	rc = pb_rule_set_open(&r->file, 1, "", NULL, NULL, NULL, &r->set, err);
	if (rc) {
		pb_own_rules_close(r);
		return rc;
	}
	r->file.file = ""; /* name is borrowed until here */
	*out = r;
	return 0;
}

void pb_own_rules_close(pb_own_rules *r)
{
	if (!r)
		return;
	if (r->yr)
		yr_scanner_destroy(r->yr);
	pb_rule_set_close(r->set);
	free(r->text);
	free(r);
}

static json_t *strings_of(pb_own_rules *r, YR_SCAN_CONTEXT *context, const YR_RULE *rule)
{
	json_t *out = json_array();
	YR_STRING *string;
	YR_MATCH *match;

	yr_rule_strings_foreach(rule, string)
	{
		int n = 0;
		if (STRING_IS_PRIVATE(string))
			continue;
		yr_string_matches_foreach(context, string, match)
		{
			json_int_t at = match->base + match->offset, length = match->match_length;
			if (n++ == PB_HITS_PER_STRING)
				break;
			if (r->matches++ == PB_OWN_MATCHES) {
				r->too_many = true;
				return out;
			}
			if (json_array_append_new(out, json_pack("{s:s,s:I,s:I}", "id", string->identifier, "at", at, "length", length)))
				r->no_memory = true;
		}
	}
	return out;
}

static int on_event(YR_SCAN_CONTEXT *context, int message, void *data, void *user)
{
	pb_own_rules *r = user;

	if (message == CALLBACK_MSG_RULE_MATCHING) {
		const YR_RULE *rule = data;
		json_t *m = json_pack("{s:s,s:o,s:o,s:o}", "rule", rule->identifier, "tags", pb_yara_tags(rule), "meta", pb_yara_meta(rule),
		                      "strings", strings_of(r, context, rule));
		if (json_array_append_new(r->out, m))
			r->no_memory = true;
	}
	if (message == CALLBACK_MSG_TOO_MANY_MATCHES)
		r->too_many = true;
	return r->no_memory || r->too_many ? CALLBACK_ERROR : CALLBACK_CONTINUE;
}

static int scanner_of(pb_own_rules *r)
{
	if (r->yr)
		return 0;
	if (yr_scanner_create(r->set->rules, &r->yr) != ERROR_SUCCESS) {
		r->yr = NULL;
		return PB_ENOMEM;
	}
	yr_scanner_set_callback(r->yr, on_event, r);
	yr_scanner_set_flags(r->yr, SCAN_FLAGS_REPORT_RULES_MATCHING | SCAN_FLAGS_NO_TRYCATCH);
	return 0;
}

int pb_own_rules_run(pb_own_rules *r, pb_bytes bytes, int seconds, json_t **out, const char **why)
{
	int code;

	*out = NULL;
	*why = NULL;
	r->out = json_array();
	r->matches = 0;
	r->no_memory = r->too_many = false;
	if (!r->out || scanner_of(r)) {
		json_decref(r->out);
		return PB_ENOMEM;
	}
	yr_scanner_set_timeout(r->yr, seconds);
	r->yr->entry_point = YR_UNDEFINED; /* facts/patterns_scan.c says why */
	code = yr_scanner_scan_mem(r->yr, bytes.size ? bytes.data : (const uint8_t *)"", bytes.size);
	if (code == ERROR_SUCCESS && !r->no_memory && !r->too_many) {
		*out = r->out;
		return 0;
	}
	json_decref(r->out);
	yr_scanner_destroy(r->yr);
	r->yr = NULL;
	if (r->no_memory || code == ERROR_INSUFFICIENT_MEMORY)
		return PB_ENOMEM;
	*why = r->too_many || code == ERROR_TOO_MANY_MATCHES ? "too many matches"
	       : code == ERROR_SCAN_TIMEOUT                  ? "time budget spent"
	                                                     : "YARA gave up on a rule";
	return 0;
}
