/* What may stand in a policy file. A key that is misspelt would silently change a verdict, so all that is not known is
 * refused, and no number has a default. */
#include "score/policy_read.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define AT(field) offsetof(pb_policy, field)

static const struct number {
	const char *section, *key;
	size_t at; /* offset of an int in pb_policy */
	int lo, hi;
} numbers[] = {
    {"weights", "integrity", AT(weight[PB_INTEGRITY]), 0, 4000},
    {"weights", "data-care", AT(weight[PB_DATA_CARE]), 0, 4000},
    {"weights", "verification", AT(weight[PB_VERIFICATION]), 0, 4000},
    {"weights", "culture", AT(weight[PB_CULTURE]), 0, 4000},
    {"confidence", "integrity", AT(confidence_weight[PB_INTEGRITY]), 0, 100},
    {"confidence", "data-care", AT(confidence_weight[PB_DATA_CARE]), 0, 100},
    {"confidence", "verification", AT(confidence_weight[PB_VERIFICATION]), 0, 100},
    {"confidence", "culture", AT(confidence_weight[PB_CULTURE]), 0, 100},
    {"confidence", "half_life_days", AT(half_life_days), 1, 36500},
    {"thresholds", "accept_trust", AT(accept_trust), 0, 100},
    {"thresholds", "accept_confidence", AT(accept_confidence), 0, 100},
    {"thresholds", "accept_floor", AT(accept_floor), 0, 100},
    {"thresholds", "reject_below", AT(reject_below), 0, 100},
};
_Static_assert(COUNT(numbers) <= PB_POLICY_NUMBERS_MAX, "has_number[] is too short");

static int unknown(const char *what, const char *word, const char *const *names, size_t n, pb_error *err)
{
	const char *near = pb_text_nearest(word, names, n);

	if (near == NULL)
		return pb_fail(err, PB_EINPUT, "unknown %s \"%s\"", what, word);
	return pb_fail(err, PB_EINPUT, "unknown %s \"%s\", did you mean \"%s\"?", what, word, near);
}

/* Copies what lies between a and b without the blanks around it; false where it is empty or too long. */
static bool copy(char *out, size_t room, const char *a, const char *b)
{
	while (a < b && (*a == ' ' || *a == '\t'))
		a++;
	while (b > a && (b[-1] == ' ' || b[-1] == '\t'))
		b--;
	if (a == b || (size_t)(b - a) >= room)
		return false;
	memcpy(out, a, (size_t)(b - a));
	out[b - a] = '\0';
	return true;
}

/* "V-01 V-02" between a and b into at most max rows. */
static int read_rows(const char *a, const char *b, char (*rows)[8], size_t max, size_t *n, pb_error *err)
{
	for (;;) {
		const char *end;

		while (a < b && (*a == ' ' || *a == '\t'))
			a++;
		if (a == b)
			return *n > 0 ? PB_OK : pb_fail(err, PB_EINPUT, "a list of catalogue rows that is empty");
		for (end = a; end < b && *end != ' ' && *end != '\t';)
			end++;
		if (*n == max)
			return pb_fail(err, PB_EINPUT, "more than %zu catalogue rows", max);
		if (!copy(rows[*n], sizeof *rows, a, end) || !pb_row_valid(rows[*n]))
			return pb_fail(err, PB_EINPUT, "\"%.*s\" is not a catalogue row such as \"V-01\"", (int)(end - a), a);
		(*n)++;
		a = end;
	}
}

static int read_least(const char *a, const char *b, pb_required *r, pb_error *err)
{
	static const char *const names[] = {"verified",      "parsed",    "third-party",  "exact",
	                                    "vendor-signed", "heuristic", "self-declared"};
	char word[32];
	int least;

	if (r->has_least)
		return pb_fail(err, PB_EINPUT, "\"reliability\" stands there twice");
	if (!copy(word, sizeof word, a, b))
		return pb_fail(err, PB_EINPUT, "reliability= takes one word, such as \"verified\" or \"vendor-signed\"");
	least = pb_reliability_of(word);
	if (least < 0)
		return unknown("reliability", word, names, COUNT(names), err);
	r->has_least = true;
	r->least = (pb_reliability)least;
	return PB_OK;
}

/* One '|'-separated part after the title: "rows=V-01 V-02", "only_if=D-01" or "reliability=verified". */
static int read_part(const char *a, const char *b, pb_required *r, pb_error *err)
{
	static const char *const names[] = {"rows", "only_if", "reliability"};
	const char *equals = memchr(a, '=', (size_t)(b - a));
	char name[32] = "";
	bool rows;

	if (equals == NULL || !copy(name, sizeof name, a, equals))
		return pb_fail(err, PB_EINPUT, "after the title stand \"rows=...\", \"only_if=...\" and \"reliability=...\", parted by \"|\"");
	if (strcmp(name, "reliability") == 0)
		return read_least(equals + 1, b, r, err);
	rows = strcmp(name, "rows") == 0;
	if (!rows && strcmp(name, "only_if") != 0)
		return unknown("part", name, names, COUNT(names), err);
	if ((rows ? r->n_catalogue : r->n_only_if) > 0)
		return pb_fail(err, PB_EINPUT, "\"%s\" stands there twice", name);
	return rows ? read_rows(equals + 1, b, r->catalogue, COUNT(r->catalogue), &r->n_catalogue, err)
	            : read_rows(equals + 1, b, r->only_if, COUNT(r->only_if), &r->n_only_if, err);
}

static int read_required(pb_policy *p, const char *id, const char *value, pb_error *err)
{
	pb_required *r = &p->required[p->n_required];
	const char *end = value + strcspn(value, "|");

	for (size_t i = 0; i < p->n_required; i++)
		if (strcmp(p->required[i].id, id) == 0)
			return pb_fail(err, PB_EINPUT, "\"%s\" is required twice", id);
	if (p->n_required == PB_REQUIRED_MAX)
		return pb_fail(err, PB_EINPUT, "more than %d pieces of required evidence", PB_REQUIRED_MAX);
	if (strlen(id) >= sizeof r->id || strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(id))
		return pb_fail(err, PB_EINPUT, "\"%s\" is not a name of at most %zu of a-z, 0-9 and '-'", id, sizeof r->id - 1);
	*r = (pb_required){0};
	(void)snprintf(r->id, sizeof r->id, "%s", id);
	if (!copy(r->title, sizeof r->title, value, end))
		return pb_fail(err, PB_EINPUT, "a title of 1 to %zu bytes must come first", sizeof r->title - 1);
	while (*end == '|') {
		const char *part = end + 1;
		int rc;

		end = part + strcspn(part, "|");
		rc = read_part(part, end, r, err);
		if (rc != PB_OK)
			return rc;
	}
	if (r->n_catalogue == 0)
		return pb_fail(err, PB_EINPUT, "\"%s\" names no rows=: nothing could ever verify it", id);
	p->n_required++;
	return PB_OK;
}

static int read_override(pb_policy *p, const char *check, const char *value, pb_error *err)
{
	static const char *const names[] = {"info", "low", "medium", "high", "critical"};
	pb_override *o = &p->overrides[p->n_overrides];
	const char *bar = strchr(value, '|');
	char word[64];
	int severity;

	for (size_t i = 0; i < p->n_overrides; i++)
		if (strcmp(p->overrides[i].check, check) == 0)
			return pb_fail(err, PB_EINPUT, "\"%s\" is overridden twice", check);
	if (p->n_overrides == PB_OVERRIDES_MAX)
		return pb_fail(err, PB_EINPUT, "more than %d overrides", PB_OVERRIDES_MAX);
	if (strlen(check) >= sizeof o->check)
		return pb_fail(err, PB_EINPUT, "a check id of more than %zu bytes", sizeof o->check - 1);
	if (bar == NULL || !copy(word, sizeof word, value, bar) ||
	    !copy(o->reason, sizeof o->reason, bar + 1, value + strlen(value)))
		return pb_fail(err, PB_EINPUT, "must be \"SEVERITY | REASON\", the reason at most %zu bytes",
		               sizeof o->reason - 1);
	severity = pb_severity_of(word);
	if (severity < 0)
		return unknown("severity", word, names, COUNT(names), err);
	o->severity = (pb_severity)severity;
	(void)snprintf(o->check, sizeof o->check, "%s", check);
	p->n_overrides++;
	return PB_OK;
}

bool pb_region_valid(const char *code)
{
	size_t n = strlen(code), upper = strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	const char *colon = strchr(code, ':');

	if (n == upper)
		return n == 2 || strcmp(code, "EEA") == 0;
	return colon != NULL && colon > code && colon[1] != '\0' && n < sizeof((pb_policy *)0)->regions[0] &&
	       strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-:") == n && strchr(colon + 1, ':') == NULL;
}

/* "EU CH aws:eu-central-1" */
static int read_regions(pb_policy *p, const char *key, const char *value, pb_error *err)
{
	static const char *const names[] = {"regions"};
	const char *end;

	if (strcmp(key, "regions") != 0)
		return unknown("key", key, names, 1, err);
	if (p->n_regions > 0)
		return pb_fail(err, PB_EINPUT, "\"regions\" stands there twice");
	for (const char *a = value + strspn(value, " \t"); *a != '\0'; a = end + strspn(end, " \t")) {
		end = a + strcspn(a, " \t");
		if (p->n_regions == PB_REGIONS_MAX)
			return pb_fail(err, PB_EINPUT, "more than %d regions", PB_REGIONS_MAX);
		if (!copy(p->regions[p->n_regions], sizeof p->regions[0], a, end) || !pb_region_valid(p->regions[p->n_regions]))
			return pb_fail(err, PB_EINPUT, "\"%.*s\" is no region: two letters of a country (\"DE\"), \"EU\", \"EEA\", or \"aws:eu-central-1\"",
			               (int)(end - a), a);
		p->n_regions++;
	}
	return p->n_regions > 0 ? PB_OK : pb_fail(err, PB_EINPUT, "regions: a list that is empty; leave the section out where none are demanded");
}

static int read_title(pb_policy_lines *lines, const char *key, const char *value, pb_error *err)
{
	static const char *const names[] = {"title"};
	pb_policy *p = lines->policy;

	if (strcmp(key, "title") != 0)
		return unknown("key", key, names, 1, err);
	if (lines->has_title)
		return pb_fail(err, PB_EINPUT, "\"title\" stands there twice");
	lines->has_title = copy(p->title, sizeof p->title, value, value + strlen(value));
	return lines->has_title ? PB_OK : pb_fail(err, PB_EINPUT, "title: 1 to %zu bytes", sizeof p->title - 1);
}

static int read_number(pb_policy_lines *lines, const char *section, const char *key, const char *value, pb_error *err)
{
	const char *names[COUNT(numbers)];
	size_t n = 0;
	int64_t v;

	for (size_t i = 0; i < COUNT(numbers); i++) {
		const struct number *d = &numbers[i];

		if (strcmp(d->section, section) != 0)
			continue;
		names[n++] = d->key;
		if (strcmp(d->key, key) != 0)
			continue;
		if (lines->has_number[i])
			return pb_fail(err, PB_EINPUT, "\"%s\" stands there twice", key);
		if (!pb_text_int(value, d->lo, d->hi, &v))
			return pb_fail(err, PB_EINPUT, "%s: \"%s\" is not a whole number from %d to %d", key, value, d->lo,
			               d->hi);
		*(int *)(void *)((char *)lines->policy + d->at) = (int)v;
		lines->has_number[i] = true;
		return PB_OK;
	}
	return unknown("key", key, names, n, err);
}

int pb_policy_line(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	static const char *const sections[] = {"policy", "weights", "confidence", "thresholds", "required", "overrides", "residency"};
	pb_policy_lines *lines = user;

	(void)line;
	if (*section == '\0')
		return pb_fail(err, PB_EINPUT, "\"%s\" stands before the first [section]", key);
	if (strcmp(section, "policy") == 0)
		return read_title(lines, key, value, err);
	if (strcmp(section, "required") == 0)
		return read_required(lines->policy, key, value, err);
	if (strcmp(section, "overrides") == 0)
		return read_override(lines->policy, key, value, err);
	if (strcmp(section, "residency") == 0)
		return read_regions(lines->policy, key, value, err);
	for (size_t i = 1; i < 4; i++)
		if (strcmp(section, sections[i]) == 0)
			return read_number(lines, section, key, value, err);
	return unknown("section", section, sections, COUNT(sections), err);
}

int pb_policy_whole(const pb_policy_lines *lines, pb_error *err)
{
	const pb_policy *p = lines->policy;
	int sum = 0;

	if (!lines->has_title)
		return pb_fail(err, PB_EINPUT, "[policy] title is missing");
	for (size_t i = 0; i < COUNT(numbers); i++)
		if (!lines->has_number[i])
			return pb_fail(err, PB_EINPUT, "[%s] %s is missing", numbers[i].section, numbers[i].key);
	for (int i = 0; i < PB_PILLARS; i++)
		sum += p->confidence_weight[i];
	if (sum == 0)
		return pb_fail(err, PB_EINPUT, "[confidence] all weights are 0");
	if (p->reject_below > p->accept_trust)
		return pb_fail(err, PB_EINPUT, "[thresholds] reject_below %d is above accept_trust %d", p->reject_below,
		               p->accept_trust);
	return PB_OK;
}
