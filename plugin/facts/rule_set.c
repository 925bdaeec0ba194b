/* From files to YR_RULES, once, before any worker is forked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "facts/rule_set_inside.h"

/* The cache file; fresh. File names are in the messages that it holds. */
static char *cache_file(const pb_rule_set *s, const char *dir, const char *digest)
{
	static const char form[] = "probity rule set 1";
	char hex[65], *file = NULL;
	pb_sha256 *h = pb_sha256_new();

	if (!h)
		return NULL;
	pb_sha256_add(h, form, sizeof form);
	pb_sha256_add(h, YR_VERSION, sizeof YR_VERSION);
	pb_sha256_add(h, digest, strlen(digest) + 1);
	for (size_t i = 0; i < s->n; i++) {
		pb_sha256_add(h, s->files[i].file, strlen(s->files[i].file) + 1);
		pb_sha256_add(h, s->files[i].space, strlen(s->files[i].space) + 1);
	}
	pb_sha256_hex(h, hex);
	if (!hex[0] || asprintf(&file, "%s/%s-set.yac", dir, hex) < 0)
		return NULL;
	return file;
}

/* The sources among the files, side by side as the compiler takes them. */
typedef struct sources {
	pb_pattern_source *source;
	const pb_rule_text **text;
	uint32_t *groups;
	pb_refusals refusals;
} sources;

static void sources_free(sources *c)
{
	for (size_t i = 0; c->refusals.message && i < c->refusals.n; i++)
		free(c->refusals.message[i]);
	free(c->refusals.message);
	free(c->source);
	free(c->text);
	free(c->groups);
}

static int sources_of(pb_rule_set *s, sources *c)
{
	memset(c, 0, sizeof *c);
	c->source = calloc(s->n + 1, sizeof *c->source);
	c->text = calloc(s->n + 1, sizeof *c->text);
	c->groups = calloc(s->n + 1, sizeof *c->groups);
	c->refusals.message = calloc(s->n + 1, sizeof *c->refusals.message);
	s->file_of = calloc(s->n + 1, sizeof *s->file_of);
	if (!c->source || !c->text || !c->groups || !c->refusals.message || !s->file_of)
		return PB_ENOMEM;
	for (size_t i = 0; i < s->n; i++) {
		const pb_rule_file *f = &s->files[i];
		size_t k = c->refusals.n;
		if (!f->text)
			continue;
		c->source[k] = (pb_pattern_source){f->space, f->text->text, f->file, 1, NULL, 0};
		c->text[k] = f->text;
		c->groups[k] = 1u << PB_GROUP_PLAIN;
		s->file_of[c->refusals.n++] = i;
	}
	return 0;
}

static int compile(pb_rule_set *s, const sources *c, const char *digest, const char *cache_dir)
{
	char *file = cache_dir ? cache_file(s, cache_dir, digest) : NULL;
	pb_refusals refusals = c->refusals; /* the messages are behind its pointer, so those of c are filled */
	int rc = cache_dir && !file ? PB_ENOMEM : 0;

	if (!rc && refusals.n > 0 && !(file && pb_patterns_cache_load(file, &refusals, &s->rules))) {
		rc = pb_patterns_compile(c->source, c->text, c->groups, PB_GROUP_PLAIN, &refusals, &s->rules);
		if (!rc && file)
			pb_patterns_cache_save(file, &refusals, s->rules);
	}
	free(file);
	return rc;
}

/* From the number that YARA gave a namespace to the file. Rules come in the order of their sources. */
static int map_spaces(pb_rule_set *s, const sources *c)
{
	const char *last = NULL;
	size_t found = 0;
	YR_RULE *rule;

	if (!s->rules)
		return 0;
	s->n_spaces = s->rules->num_namespaces;
	s->space = calloc(s->n_spaces + 1, sizeof *s->space);
	if (!s->space)
		return PB_ENOMEM;
	yr_rules_foreach(s->rules, rule)
	{
		if (rule->ns->name != last)
			for (size_t tried = 0; tried < c->refusals.n && strcmp(c->source[found].space, rule->ns->name) != 0; tried++)
				found = (found + 1) % c->refusals.n;
		last = rule->ns->name;
		if (rule->ns->idx < s->n_spaces)
			s->space[rule->ns->idx] = s->file_of[found];
	}
	s->n_rules += s->rules->num_rules;
	return 0;
}

static int tell(const pb_rule_set *s, const sources *c, pb_refused_fn refused, void *user, pb_error *err)
{
	for (size_t i = 0; i < c->refusals.n; i++) {
		if (!c->refusals.message[i])
			continue;
		if (!refused)
			return pb_fail(err, PB_EINPUT, "%s", c->refusals.message[i]);
		refused(user, s->file_of[i], c->refusals.message[i]);
	}
	return 0;
}

int pb_rule_set_open(const pb_rule_file *files, size_t n, const char *digest, const char *cache_dir, pb_refused_fn refused, void *user,
                     pb_rule_set **out, pb_error *err)
{
	sources c = {0};
	pb_rule_set *s = calloc(1, sizeof *s);
	int rc = s && yr_initialize() == ERROR_SUCCESS ? 0 : PB_ENOMEM;

	if (rc) {
		free(s);
		return pb_fail(err, rc, "out of memory while compiling rules");
	}
	yr_set_configuration_uint32(YR_CONFIG_MAX_MATCH_DATA, 0); /* facts/patterns.c says why */
	s->files = files;
	s->n = n;
	rc = sources_of(s, &c);
	rc = rc ? rc : compile(s, &c, digest, cache_dir);
	rc = rc ? rc : map_spaces(s, &c);
	for (size_t i = 0; i < n && !rc; i++) {
		size_t rules = 0;
		if (!files[i].text && !pb_rule_set_compiled(files[i].compiled, &rules))
			s->n_rules += rules;
	}
	if (rc == PB_ENOMEM)
		pb_fail(err, rc, "out of memory while compiling rules");
	else if (rc)
		pb_fail(err, rc, "YARA could not make rules of a rule set");
	else
		rc = tell(s, &c, refused, user, err);
	sources_free(&c);
	if (rc)
		pb_rule_set_close(s);
	else
		*out = s;
	return rc;
}

void pb_rule_set_close(pb_rule_set *s)
{
	if (!s)
		return;
	if (s->rules)
		yr_rules_destroy(s->rules);
	free(s->space);
	free(s->file_of);
	free(s);
	yr_finalize();
}

size_t pb_rule_set_rules(const pb_rule_set *s)
{
	return s->n_rules;
}

static uint64_t little(const uint8_t *p, int n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

/* "YARA", version, number of buffers, then of each its offset (8 bytes) and size (4). What lies in them is not looked at here. */
const char *pb_rule_set_compiled(pb_bytes b, size_t *rules)
{
	enum { HEAD = 6, ROW = 12, ROWS = YR_NUM_SECTIONS };
	const uint8_t *row;
	uint64_t at, size;

	*rules = 0;
	if (b.size < HEAD || memcmp(b.data, "YARA", 4) != 0)
		return "no compiled YARA rules";
	if (b.data[4] != YR_ARENA_FILE_VERSION)
		return "compiled for another version of YARA than " YR_VERSION ": compile it anew, or give the sources";
	if (b.data[5] != ROWS || b.size < HEAD + ROWS * ROW)
		return "damaged: its table of parts is cut";
	for (int i = 0; i < ROWS; i++) {
		row = b.data + HEAD + i * ROW;
		at = little(row, 8);
		size = little(row + 8, 4);
		if (at > b.size || size > b.size - at)
			return "damaged: it ends before its last part";
	}
	row = b.data + HEAD + YR_SUMMARY_SECTION * ROW;
	if (little(row + 8, 4) < sizeof(YR_SUMMARY))
		return "damaged: it has no summary";
	*rules = (size_t)little(b.data + little(row, 8), 4);
	return NULL;
}
