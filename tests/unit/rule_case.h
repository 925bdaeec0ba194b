/* A folder of YARA rules from elsewhere, opened as a scan opens it, and one object held against it. */
#ifndef PROBITY_TESTS_RULE_CASE_H
#define PROBITY_TESTS_RULE_CASE_H

#include "check_case.h"
#include "checks/runner.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define MD5 "9dd4e461268c8034f5c8564e155c67a6" /* of "x" */

typedef struct stage {
	check_case c;
	pb_catalogue *catalogue;
	const pb_rule_folder *folder;
	const pb_check *check;
	pb_rule_set *set;
	pb_rule_scanner *scanner;
	json_t *result;
	char refused[4000]; /* by the compiler */
	uint64_t spent;
	size_t findings; /* limit; 0: the default */
} stage;

static inline void on_refused(void *user, size_t file, const char *message)
{
	stage *s = user;
	size_t n = strlen(s->refused);

	(void)snprintf(s->refused + n, sizeof s->refused - n, "%zu %s\n", file, message);
}

static inline void begin(stage *s)
{
	memset(s, 0, sizeof *s);
	case_open(&s->c);
}

static inline void file(stage *s, const char *name, const char *text)
{
	char path[300];

	(void)snprintf(path, sizeof path, "pack/%s", name);
	case_text(&s->c, path, text);
}

static inline void open_cached(stage *s, const char *cache_dir)
{
	char dir[300];
	const char *extra[] = {dir};
	pb_catalogue_options options = case_options(&s->c);
	pb_error err = {0};

	(void)snprintf(dir, sizeof dir, "%s/pack", s->c.dir);
	options.extra_dirs = extra;
	options.n_extra = 1;
	if (s->findings > 0)
		options.limits.findings = s->findings;
	if (pb_catalogue_open(&options, &s->catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
	assert_int_equal(pb_catalogue_folders(s->catalogue), 1);
	s->folder = pb_catalogue_folder(s->catalogue, 0, &s->check);
	if (pb_rule_set_open(s->folder->files, s->folder->n_files, s->folder->digest, cache_dir, on_refused, s, &s->set, &err) != PB_OK)
		fail_msg("%s", err.text);
	s->scanner = pb_rule_scanner_new(s->set);
	assert_non_null(s->scanner);
}

static inline void open_stage(stage *s)
{
	open_cached(s, NULL);
}

static inline void look_for(stage *s, const void *bytes, size_t n, uint64_t micros)
{
	pb_object object = {.bytes = {bytes, n}, .kind = pb_kind_named("text"), .name_class = ".txt", .sha256 = DIGEST};
	json_t *facts = json_pack("{s:[s]}", "tags", "text");
	pb_error err = {0};

	json_decref(s->result);
	s->result = pb_result_new(facts);
	if (pb_runner_rules(s->catalogue, 0, s->scanner, micros, &object, facts, NULL, s->result, &s->spent, &err) != PB_OK)
		fail_msg("%s", err.text);
	json_decref(facts);
}

static inline void look(stage *s, const char *text)
{
	look_for(s, text, strlen(text), 20000000);
}

static inline void close_set(stage *s)
{
	json_decref(s->result);
	s->result = NULL;
	pb_rule_scanner_free(s->scanner);
	pb_rule_set_close(s->set);
	pb_catalogue_close(s->catalogue);
}

static inline void end(stage *s)
{
	close_set(s);
	case_close(&s->c);
}

static inline const json_t *finding(const stage *s, const char *key)
{
	const json_t *f;
	size_t i;

	json_array_foreach (json_object_get(s->result, "findings"), i, f)
		if (strcmp(pb_json_str(f, "key", ""), key) == 0)
			return f;
	return NULL;
}

static inline size_t n_found(const stage *s)
{
	return json_array_size(json_object_get(s->result, "findings"));
}

static inline const char *unknown(const stage *s)
{
	return pb_json_str(json_object_get(s->result, "unknown"), "rules.pack", "");
}

#endif
