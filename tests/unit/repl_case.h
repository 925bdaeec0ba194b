/* A prompt on a few objects that the test has. Include after cmocka.h. */
#ifndef PROBITY_TESTS_REPL_CASE_H
#define PROBITY_TESTS_REPL_CASE_H

#include <stdatomic.h>

#include "check_case.h"
#include "checks/entry.h"
#include "checks/repl.h"

enum { OBJECTS = 3 };

typedef struct prompt_case {
	check_case c;
	pb_catalogue *catalogue;
	_Atomic uint32_t stop;
	json_t *row[OBJECTS], *facts[OBJECTS];
	pb_object object[OBJECTS];
	pb_scan scan;
	size_t looked, broken; /* how often an object was looked at; which one cannot be */
	bool no_yara;
	char extra[300]; /* the folder of rules */
	const char *dirs[1];
	pb_repl *repl;
} prompt_case;

static inline const json_t *case_row(void *user, size_t i)
{
	const prompt_case *p = user;

	assert_true(i < OBJECTS);
	return p->row[i];
}

static inline int case_choose(void *user, size_t i, pb_object_view *view, pb_error *err)
{
	prompt_case *p = user;

	assert_true(i < OBJECTS);
	p->looked++;
	if (i == p->broken)
		return pb_fail(err, PB_ELIMIT, "its bytes are not kept");
	*view = (pb_object_view){.object = &p->object[i], .facts = p->facts[i], .scan = &p->scan, .source = UINT32_MAX};
	return PB_OK;
}

static inline json_t *case_yara(void *user, const pb_object *object, const char *text, pb_error *err)
{
	prompt_case *p = user;

	if (p->no_yara) {
		pb_fail(err, PB_EINPUT, "input:1: no such rule: %.20s", text);
		return NULL;
	}
	return json_pack("{s:[{s:s,s:b,s:[{s:s,s:i,s:[[I,i]]}]}]}", "rules", "rule", "r", "matched", object->bytes.size > 3, "strings", "string", "$a",
	                 "count", 1, "at", (json_int_t)2, 4);
}

static inline void case_catalogue(prompt_case *p)
{
	static const char check[] = "return { " CASE_HEADER CASE_FINDINGS
	                            " object = function(object, found) if object.size > 5 then found.unknown 'too large' else "
	                            "found.key{ key = 'k', at = 0, length = 1, object:bytes(0, 1) } end end }";
	pb_error err = {0};

	case_open(&p->c);
	case_text(&p->c, "scripts/integrity/sound.lua", check);
	case_text(&p->c, "scripts/integrity/whole.lua", "return { " CASE_HEADER CASE_FINDINGS " product = function() end }");
	case_text(&p->c, "extra/integrity/near.lua", check);
	case_text(&p->c, "extra/lib/words.lua", "return { greeting = 'near' }\n");
	case_text(&p->c, "extra/set/r.yar", "rule r { condition: true }\n");
	case_text(&p->c, "extra/set/probity.ini", "");
	(void)snprintf(p->extra, sizeof p->extra, "%s/extra", p->c.dir);
	p->dirs[0] = p->extra;
	pb_catalogue_options options = case_options(&p->c);
	options.extra_dirs = p->dirs;
	options.n_extra = 1;
	if (pb_catalogue_open(&options, &p->catalogue, &err) != PB_OK)
		fail_msg("%s\n%s", err.text, p->c.told);
}

static inline pb_repl_host case_host(prompt_case *p, size_t n)
{
	return (pb_repl_host){.user = p, .n = n, .row = case_row, .choose = case_choose, .first_source = 0, .yara = case_yara};
}

static inline void prompt_open(prompt_case *p, size_t n)
{
	static const char *const bytes[OBJECTS] = {"one", "second", "\x1b[2Jthird\xff"};
	static const char *const paths[OBJECTS] = {"p > a", "p > d.tar > b", "p > \x1b[31mc"};
	pb_repl_host host;
	pb_error err = {0};

	memset(p, 0, sizeof *p);
	p->broken = SIZE_MAX;
	case_catalogue(p);
	for (size_t i = 0; i < OBJECTS; i++) {
		size_t size = strlen(bytes[i]);

		p->row[i] = json_pack("{s:s,s:s,s:I}", "path", paths[i], "kind", "text", "size", (json_int_t)size);
		p->facts[i] = json_pack("{s:[s,s],s:{s:i}}", "tags", "any", "text", "text", "lines", 1);
		p->object[i] = (pb_object){.bytes = {(const uint8_t *)bytes[i], size}, .kind = pb_kind_named("text"), .name_class = ".txt"};
	}
	host = case_host(p, n);
	if (pb_repl_open(p->catalogue, &host, &p->stop, &p->repl, &err) != PB_OK)
		fail_msg("%s", err.text);
}

static inline void prompt_close(prompt_case *p)
{
	pb_repl_close(p->repl);
	pb_catalogue_close(p->catalogue);
	for (size_t i = 0; i < OBJECTS; i++) {
		json_decref(p->row[i]);
		json_decref(p->facts[i]);
	}
	case_close(&p->c);
}

/* What a line prints; fresh. */
static inline char *prompt_says(prompt_case *p, const char *line, size_t n, pb_repl_end wanted)
{
	pb_buf out = {0};
	pb_repl_end end;

	assert_int_equal(pb_buf_puts(&out, ""), 0);
	end = pb_repl_eval(p->repl, line, n, &out);
	if (end != wanted)
		fail_msg("%.200s: ended with %d: %s", line, end, (const char *)out.data);
	return (char *)out.data;
}

static inline void prompt_is(prompt_case *p, const char *line, const char *wanted)
{
	bool failed = strncmp(wanted, "error: ", 7) == 0 || strstr(wanted, "\nerror: ") != NULL;
	char *said = prompt_says(p, line, strlen(line), failed ? PB_REPL_FAILED : PB_REPL_DONE);

	if (strcmp(said, wanted) != 0)
		fail_msg("%s\n  gave: %s\n  want: %s", line, said, wanted);
	free(said);
}

static inline void prompt_has(prompt_case *p, const char *line, const char *wanted, pb_repl_end end)
{
	char *said = prompt_says(p, line, strlen(line), end);

	if (strstr(said, wanted) == NULL)
		fail_msg("%s\n  gave: %s\n  want: ... %s", line, said, wanted);
	free(said);
}

#endif
