#include "facts/patterns.h"

#include <stdlib.h>
#include <string.h>

#include "facts/yara_rules.h"
#include "facts/yara_text.h"

pb_group pb_group_of(const pb_kind *kind)
{
	if (strcmp(kind->name, "elf") == 0)
		return PB_GROUP_ELF;
	if (strcmp(kind->name, "pe") == 0 || strcmp(kind->name, "dotnet") == 0)
		return PB_GROUP_PE;
	if (strcmp(kind->name, "macho") == 0)
		return PB_GROUP_MACHO;
	return PB_GROUP_PLAIN;
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
	uint8_t *groups = user;

	(void)line;
	for (size_t i = 0; what == PB_YARA_IMPORT && i < sizeof gated / sizeof gated[0]; i++)
		if (strlen(gated[i].module) == n && memcmp(gated[i].module, name, n) == 0)
			*groups |= (uint8_t)(1u << gated[i].group);
	return 0;
}

uint8_t pb_patterns_groups(const char *text)
{
	uint8_t groups = 0;

	(void)pb_yara_read(text, add_group, &groups);
	return groups ? groups : (1u << PB_GROUPS) - 1;
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

static int open_group(pb_patterns *p, pb_group group, const pb_pattern_source *sources, const uint8_t *groups,
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
	uint8_t *groups = calloc(n + 1, 1);
	pb_patterns *p = calloc(1, sizeof *p);

	if (!r.message || !groups || !p || yr_initialize() != ERROR_SUCCESS)
		goto out;
	p->initialized = true;
	/* Nobody reads the copies of matched bytes; without them the arena of a scan is 73 KB instead of 600 KB of fresh pages.
	 */
	yr_set_configuration_uint32(YR_CONFIG_MAX_MATCH_DATA, 0);
	for (size_t i = 0; i < n; i++)
		groups[i] = pb_patterns_groups(sources[i].text);
	/* The plain group comes last: its sources are in all others, so what they refused is left out here too. */
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
