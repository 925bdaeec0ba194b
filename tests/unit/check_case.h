/* A folder of rules that a test writes file by file, and what a catalogue says of it. */
#ifndef PROBITY_TESTS_CHECK_CASE_H
#define PROBITY_TESTS_CHECK_CASE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "bindings/bindings.h"
#include "checks/catalogue.h"

typedef struct check_case {
	char dir[200];
	char told[8000]; /* what was refused, one message a line */
} check_case;

static int case_remove(const char *path, const struct stat *st, int flag, struct FTW *where)
{
	(void)st;
	(void)flag;
	(void)where;
	return remove(path);
}

static inline void case_close(check_case *c)
{
	(void)nftw(c->dir, case_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* Writes DIR/name, making the folders above it. */
static inline void case_write(const check_case *c, const char *name, const char *text, size_t n)
{
	char path[600];
	pb_error err = {0};

	(void)snprintf(path, sizeof path, "%s/%s", c->dir, name);
	for (char *p = path + strlen(c->dir) + 1; (p = strchr(p, '/')) != NULL; *p++ = '/') {
		*p = '\0';
		(void)mkdir(path, 0777);
	}
	if (pb_fs_write(path, text, n, &err) != PB_OK)
		fail_msg("%s", err.text);
}

static inline void case_text(const check_case *c, const char *name, const char *text)
{
	case_write(c, name, text, strlen(text));
}

/* A small rulesets/ and nothing else. */
static inline void case_open(check_case *c)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(c->dir, sizeof c->dir, "%s/probity-test-XXXXXX", tmp != NULL && *tmp != '\0' ? tmp : "/tmp");
	assert_non_null(mkdtemp(c->dir));
	c->told[0] = '\0';
	case_text(c, "rulesets/claims.ini",
	          "[integrity]\ncredentials = Keys\nhardening = Hardening\nrule-packs = Packs\n[data-care]\ntelemetry = T\n");
	case_text(c, "rulesets/mappings.ini", "[paris]\nP5 = Five\nP6 = Six\n[cwe]\n321 = Key\n506 = Code\n");
	case_text(c, "rulesets/yara-meta.ini",
	          "[limits]\nseconds = 5\nproduct_seconds = 50\n[default]\nseverity = medium\nworst = high\nconfidence = 500\nmost = 700\n"
	          "[keys]\nseverity = severity level\nscore = score\nconfidence = confidence\ncategory = category\ndescription = "
	          "description\nfamily = family\nauthor = author\nreference = reference\n[severity]\nsevere = critical\nlow = low\n"
	          "[score]\n70 = high\n40 = medium\n0 = info\n[confidence]\nlow = 300\nsure = 900\n[category]\nTROJAN = high\n[tag]\n"
	          "harmless = info\nbad = high\n");
	case_text(c, "scripts/lib/words.lua", "return { greeting = 'hello', list = { 'a', 'b' } }\n");
}

static inline void case_told(void *user, const char *message)
{
	check_case *c = user;

	(void)snprintf(c->told + strlen(c->told), sizeof c->told - strlen(c->told), "%s\n", message);
}

static inline pb_catalogue_options case_options(check_case *c)
{
	return (pb_catalogue_options){
	    .data_dir = c->dir, .bindings = &pb_bindings_table, .limits = pb_sandbox_defaults, .refused = case_told, .user = c};
}

/* The header of a sound check, and the rest of its table. */
#define CASE_HEADER                                                                                                            \
	"title = 'T', why = 'W', confirm = 'C', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { 'paris:P6', " \
	"'cwe:321' },\n"                                                                                                       \
	"samples = { hit = { 'a' }, clean = { 'b' } },\n"
#define CASE_FINDINGS                                                                                                          \
	"findings = { key = { says = 'key %s', fix = 'F' }, other = { says = '%d of %s', fix = 'F', severity = 'low' } },\n"
#define CASE_CHECK(body) "return { " CASE_HEADER CASE_FINDINGS body " }\n"

#endif
