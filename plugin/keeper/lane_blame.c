/* Which check ended a worker, how often, and what is not asked any more. A check is set aside for one assessment: that is one tag
 * of one lane, or everything between two pb_lanes_fresh. */
#include <stdio.h>
#include <string.h>

#include "keeper/lane_slot.h"

enum { SCOPE = 40, WHY = 200 };

static void scope_of(const pb_slot *s, uint32_t tag, char out[SCOPE])
{
	if (s->all->o.each_tag)
		snprintf(out, SCOPE, "%zu %u", s->index, (unsigned)tag);
	else
		snprintf(out, SCOPE, "all");
}

static const char *check_named(const pb_lanes *l, uint32_t where)
{
	const json_t *ids = json_object_get(pb_template_about(l->o.workers), "ids");
	return where >= PB_AT_CHECK ? json_string_value(json_array_get(ids, where - PB_AT_CHECK)) : NULL;
}

/* The member of `of` under that name, made where there is none. Borrowed; NULL: no memory. */
static json_t *member(json_t *of, const char *name)
{
	json_t *there = json_object_get(of, name);
	if (there)
		return there;
	return json_object_set_new(of, name, json_object()) ? NULL : json_object_get(of, name);
}

/* Workers that were started before would run it once more each. */
static void tell_the_others(const pb_slot *from)
{
	pb_lanes *l = from->all;
	for (size_t i = 0; i < l->n && !l->o.each_tag; i++)
		if (&l->slot[i] != from)
			pb_slot_replace_worker(&l->slot[i]);
}

/* A check that ended three workers is not asked again. */
static void count_death(pb_slot *s, const char *scope, const char *check, const char *why)
{
	json_t *killers = member(s->all->killers, scope), *aside = member(s->all->aside, scope);
	json_int_t n = pb_json_int(killers, check, 0) + 1;
	char words[WHY];
	json_object_set_new(killers, check, json_integer(n));
	if (n < PB_ASIDE_DEATHS || json_object_get(aside, check))
		return;
	snprintf(words, sizeof words, "set aside after it ended %d workers: %.100s", PB_ASIDE_DEATHS, why);
	if (json_object_set_new(aside, check, json_string(words)) == 0)
		tell_the_others(s);
}

static json_t *excuse_checks(const pb_slot *s, uint64_t number, const char *scope)
{
	json_t *checks = json_copy(s->excused);
	if (s->all->o.each_tag)
		json_object_update_missing(checks, json_object_get(s->all->aside, scope));
	return json_pack("{s:I,s:o}", "number", (json_int_t)number, "checks", checks);
}

json_t *pb_blame(pb_slot *s, uint64_t number, uint32_t where, const char *why)
{
	const char *check = check_named(s->all, where);
	char words[WHY], scope[SCOPE];
	scope_of(s, pb_lane_tag(s->watch), scope);
	if (check)
		count_death(s, scope, check, why);
	if (number != s->dying_entry) {
		s->dying_entry = number;
		s->deaths = 0;
		json_object_clear(s->excused);
	}
	s->deaths++;
	if (check && s->deaths < PB_ENTRY_DEATHS) {
		snprintf(words, sizeof words, "%s", why);
		json_object_set_new(s->excused, check, json_string(words));
		return excuse_checks(s, number, scope);
	}
	s->skipped = number;
	snprintf(words, sizeof words, "%.150s%s", why, where == PB_AT_PATTERNS ? " while looking for patterns"
	                                               : where == PB_AT_FACTS  ? " while reading its structure" : "");
	return json_pack("{s:I,s:s}", "number", (json_int_t)number, "skip", words);
}

json_t *pb_blame_again(pb_slot *s, uint64_t number)
{
	char scope[SCOPE];
	if (number != s->dying_entry || json_object_size(s->excused) == 0)
		return NULL;
	scope_of(s, pb_lane_tag(s->watch), scope);
	return excuse_checks(s, number, scope);
}

void pb_blame_tell(pb_slot *s, json_t *args)
{
	pb_lanes *l = s->all;
	const char *scope;
	json_t *aside;
	s->with_aside = false;
	json_object_foreach(l->aside, scope, aside) {
		size_t lane;
		unsigned tag;
		char name[16];
		if (json_object_size(aside) == 0)
			continue;
		if (!l->o.each_tag) {
			json_object_set(args, "aside", aside);
		} else if (sscanf(scope, "%zu %u", &lane, &tag) == 2 && lane == s->index) {
			snprintf(name, sizeof name, "%u", tag);
			json_object_set(member(args, "asides"), name, aside);
		} else {
			continue;
		}
		s->with_aside = true;
	}
}

static int64_t budget_ms(const pb_lanes *l, const char *check)
{
	size_t i;
	json_t *set;
	json_array_foreach(json_object_get(pb_template_about(l->o.workers), "rule_sets"), i, set)
		if (strcmp(pb_json_str(set, "id", ""), check) == 0)
			return pb_json_int(set, "product_seconds", 0) * 1000;
	return 0;
}

/* Each worker counts by item, for it knows no more; items of one product are counted together here. With each_tag an item is a product. */
void pb_blame_spent(pb_slot *s, pb_bytes payload)
{
	pb_lanes *l = s->all;
	const char *check;
	json_t *end = l->o.each_tag ? NULL : pb_json_parse(payload, 1 << 20, "a message", NULL), *took, *aside = member(l->aside, "all");
	json_object_foreach(json_object_get(end, "rules_ms"), check, took) {
		int64_t most = budget_ms(l, check), n = pb_json_int(l->spent, check, 0);
		if (most <= 0 || !json_is_integer(took) || json_integer_value(took) < 0 || json_integer_value(took) > INT32_MAX)
			continue;
		n += json_integer_value(took);
		json_object_set_new(l->spent, check, json_integer((json_int_t)n));
		if (n < most || json_object_get(aside, check) ||
		    json_object_set_new(aside, check, json_string("YARA: time budget of the product spent")))
			continue;
		tell_the_others(s);
		pb_slot_replace_worker(s);
	}
	json_decref(end);
}

void pb_blame_end(pb_slot *s, uint32_t tag)
{
	char scope[SCOPE];
	if (!s->all->o.each_tag)
		return;
	scope_of(s, tag, scope);
	json_object_del(s->all->aside, scope);
	json_object_del(s->all->killers, scope);
}
