#include "facts/patterns.h"

#include <stdlib.h>
#include <string.h>

#include "facts/yara_rules.h"
#include "facts/yara_text.h"

/* The kinds that have a group of their own, because they are many or their patterns are. All that hangs on this table is speed. */
pb_group pb_group_of(const pb_kind *kind)
{
	static const struct {
		const char *kind;
		pb_group group;
	} known[] = {
	    {"elf", PB_GROUP_ELF},       {"pe", PB_GROUP_PE},
	    {"dotnet", PB_GROUP_PE},     {"macho", PB_GROUP_MACHO},
	    {"python", PB_GROUP_PYTHON}, {"javascript", PB_GROUP_JAVASCRIPT},
	    {"shell", PB_GROUP_SHELL},   {"typescript", PB_GROUP_JAVASCRIPT},
	    {"perl", PB_GROUP_SCRIPT},   {"php", PB_GROUP_SCRIPT},
	    {"ruby", PB_GROUP_SCRIPT},   {"powershell", PB_GROUP_SCRIPT},
	    {"lua", PB_GROUP_SCRIPT},    {"tcl", PB_GROUP_SCRIPT},
	    {"batch", PB_GROUP_SCRIPT},
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(known[i].kind, kind->name) == 0)
			return known[i].group;
	switch (kind->class) {
	case PB_CLASS_BINARY:
		return PB_GROUP_CODE;
	case PB_CLASS_SCRIPT:
		return PB_GROUP_SOURCE;
	case PB_CLASS_TEXT:
		return PB_GROUP_PLAIN;
	default:
		return PB_GROUP_DATA;
	}
}

bool pb_group_has_modules(pb_group group)
{
	return group == PB_GROUP_ELF || group == PB_GROUP_PE || group == PB_GROUP_MACHO;
}

const char *pb_patterns_version(void)
{
	return YR_VERSION;
}

int pb_refuse(pb_refusals *r, size_t source, const char *message)
{
	if (source >= r->n || r->message[source])
		return 0;
	r->message[source] = strdup(message);
	return r->message[source] ? 0 : PB_ENOMEM;
}

static int add_group(void *user, pb_yara_word what, const char *name, size_t n, int line)
{
	static const struct {
		const char *module;
		pb_group group;
	} gated[] = {{"elf", PB_GROUP_ELF}, {"pe", PB_GROUP_PE}, {"dotnet", PB_GROUP_PE}, {"macho", PB_GROUP_MACHO}};
	uint32_t *groups = user;

	(void)line;
	for (size_t i = 0; what == PB_YARA_IMPORT && i < sizeof gated / sizeof gated[0]; i++)
		if (strlen(gated[i].module) == n && memcmp(gated[i].module, name, n) == 0)
			*groups |= 1u << gated[i].group;
	return 0;
}

/* The groups of the modules that it imports; 0: it imports none of these. */
static uint32_t groups_of_imports(const char *text)
{
	uint32_t groups = 0;

	(void)pb_yara_read(text, add_group, &groups);
	return groups;
}

static bool is_class(const char *tag)
{
	for (int c = 0; c < PB_CLASSES; c++)
		if (strcmp(pb_class_name((pb_class)c), tag) == 0)
			return true;
	return false;
}

/* The groups of objects that may have this tag: a kind, a class ("script", "text" and "data" are both), or what any kind may have. */
static uint32_t groups_of_tag(const char *tag)
{
	uint32_t groups = 0;
	size_t n;
	const pb_kind *kinds = pb_kinds(&n);

	if (!pb_kind_named(tag) && !is_class(tag))
		return (1u << PB_GROUPS) - 1;
	for (size_t i = 0; i < n; i++)
		if (strcmp(kinds[i].name, tag) == 0 || strcmp(pb_class_name(kinds[i].class), tag) == 0)
			groups |= 1u << pb_group_of(&kinds[i]);
	return groups;
}

static uint32_t groups_of_tags(const char *const *tags, size_t n_tags)
{
	uint32_t groups = 0;

	for (size_t k = 0; k < n_tags; k++)
		groups |= groups_of_tag(tags[k]);
	return groups;
}

uint32_t pb_patterns_groups(const pb_pattern_source *source)
{
	const uint32_t all = (1u << PB_GROUPS) - 1, imports = groups_of_imports(source->text);
	uint32_t groups = source->n_applies ? groups_of_tags(source->applies, source->n_applies) : all;

	if (imports)
		groups &= imports;
	/* For no object at all: compiled nevertheless, so that its mistakes are told. */
	return groups ? groups : imports ? imports : all;
}

/* From the namespace of a rule to its source: names are unique, but YARA numbers the namespaces in its own way. */
static int map_sources(pb_patterns *p, pb_group group, const pb_pattern_source *sources, size_t n)
{
	YR_RULES *rules = p->rules[group];
	YR_RULE *rule;
	uint32_t *map = calloc((size_t)rules->num_namespaces + 1, sizeof *map);

	if (!map)
		return PB_ENOMEM;
	p->source[group] = map;
	const char *last = NULL;
	uint32_t found = 0;
	yr_rules_foreach(rules, rule)
	{
		/* Rules come in the order of their sources, so the search goes on where it stopped. */
		if (rule->ns->name != last)
			for (size_t tried = 0; tried < n && strcmp(sources[found].space, rule->ns->name) != 0; tried++)
				found = (uint32_t)((found + 1) % n);
		last = rule->ns->name;
		if (rule->ns->idx <= rules->num_namespaces)
			map[rule->ns->idx] = found;
	}
	return 0;
}

static int open_group(pb_patterns *p, pb_group group, const pb_pattern_source *sources, const uint32_t *groups,
                      const char *cache_dir, pb_refusals *r)
{
	int rc = 0;
	char *file = NULL;

	if (cache_dir) {
		file = pb_patterns_cache_file(cache_dir, sources, groups, group, r);
		if (!file)
			return PB_ENOMEM;
	}
	if (!file || !pb_patterns_cache_load(file, r, &p->rules[group])) {
		rc = pb_patterns_compile(sources, NULL, groups, group, r, &p->rules[group]);
		if (!rc && file)
			pb_patterns_cache_save(file, r, p->rules[group]);
	}
	free(file);
	return rc ? rc : map_sources(p, group, sources, r->n);
}

/* Says what was refused, in the order of the sources. */
static int tell(const pb_refusals *r, pb_refused_fn refused, void *user, pb_error *err)
{
	for (size_t i = 0; i < r->n; i++) {
		if (!r->message[i])
			continue;
		if (!refused)
			return pb_fail(err, PB_EINPUT, "%s", r->message[i]);
		refused(user, i, r->message[i]);
	}
	return 0;
}

int pb_patterns_open(const pb_pattern_source *sources, size_t n, const char *cache_dir, pb_refused_fn refused, void *user,
                     pb_patterns **out, pb_error *err)
{
	int rc = PB_ENOMEM;
	pb_refusals r = {calloc(n + 1, sizeof(char *)), n};
	uint32_t *groups = calloc(n + 1, sizeof *groups);
	pb_patterns *p = calloc(1, sizeof *p);

	if (!r.message || !groups || !p || yr_initialize() != ERROR_SUCCESS)
		goto out;
	p->initialized = true;
	/* Nobody reads the copies of matched bytes; without them the arena of a scan is 73 KB instead of 600 KB of fresh pages.
	 */
	yr_set_configuration_uint32(YR_CONFIG_MAX_MATCH_DATA, 0);
	for (size_t i = 0; i < n; i++)
		groups[i] = pb_patterns_groups(&sources[i]);
	/* What one group refused is left out of the next ones, too. */
	rc = 0;
	for (int group = PB_GROUPS - 1; group >= 0 && !rc; group--)
		rc = open_group(p, (pb_group)group, sources, groups, cache_dir, &r);
	if (!rc)
		rc = tell(&r, refused, user, err);
	if (!rc) {
		*out = p;
		p = NULL;
	}
out:
	if (rc == PB_ENOMEM)
		pb_fail(err, rc, "out of memory while compiling patterns");
	else if (rc == PB_EINTERNAL)
		pb_fail(err, rc, "YARA could not make rules of the patterns");
	for (size_t i = 0; r.message && i < n; i++)
		free(r.message[i]);
	free(r.message);
	free(groups);
	pb_patterns_close(p);
	return rc;
}

void pb_patterns_close(pb_patterns *p)
{
	if (!p)
		return;
	for (int i = 0; i < PB_GROUPS; i++) {
		if (p->rules[i])
			yr_rules_destroy(p->rules[i]);
		free(p->source[i]);
	}
	if (p->initialized)
		yr_finalize();
	free(p);
}
