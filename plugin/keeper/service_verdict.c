/* What becomes of a product: its report, its place in the store, a line in the log, and in alert mode a word to the host. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keeper/service_parts.h"

enum { UNKEPT_MOST = 256 };

/* An assessment that the store would not take: tried again once a second. Strings are those of `json`. */
typedef struct pb_unkept {
	pb_stored as;
	json_t *texts;
	struct pb_unkept *next;
} pb_unkept;

/* The same strings in a place of their own. NULL: no memory. */
static pb_unkept *copy_of(const pb_stored *a)
{
	pb_unkept *u = calloc(1, sizeof *u);
	json_t *t = json_array();
	const char *const from[] = {a->path, a->name, a->version, a->kind, a->sha256, a->host, a->policy, a->rules_digest, a->decision, a->clamav,
	                            a->reason, a->alert};
	const char **to[12];
	if (!u || !t)
		goto bad;
	u->as = *a;
	u->texts = t;
	const char **const at[] = {&u->as.path, &u->as.name, &u->as.version, &u->as.kind, &u->as.sha256, &u->as.host, &u->as.policy,
	                           &u->as.rules_digest, &u->as.decision, &u->as.clamav, &u->as.reason, &u->as.alert};
	memcpy(to, at, sizeof to);
	for (size_t i = 0; i < 12; i++) {
		json_t *s = json_string(from[i] ? from[i] : "");
		if (json_array_append_new(t, s))
			goto bad;
		*to[i] = json_string_value(s);
	}
	if (a->report) {
		json_t *s = json_string(a->report);
		if (json_array_append_new(t, s))
			goto bad;
		u->as.report = json_string_value(s);
	}
	return u;
bad:
	json_decref(t);
	free(u);
	return NULL;
}

static void drop_oldest(pb_service *s)
{
	pb_unkept *u = s->unkept;
	s->unkept = u->next;
	s->n_unkept--;
	json_decref(u->texts);
	free(u);
}

void pb_service_unkept_free(pb_service *s)
{
	while (s->unkept)
		drop_oldest(s);
}

static void keep_for_later(pb_service *s, const pb_stored *a, const char *why)
{
	pb_unkept *u = copy_of(a), **last = &s->unkept;
	pb_service_log(s, LOG_ERR, "the store does not take the assessment of %s (%s %s); it is tried again: %s", a->path, a->decision, a->sha256, why);
	if (!u)
		return;
	while (*last)
		last = &(*last)->next;
	*last = u;
	if (++s->n_unkept > UNKEPT_MOST) {
		pb_service_log(s, LOG_ERR, "given up after %d more: the assessment of %s (%s %s) is in this log only", UNKEPT_MOST, s->unkept->as.path,
		               s->unkept->as.decision, s->unkept->as.sha256);
		drop_oldest(s);
	}
}

void pb_service_keep_again(pb_service *s)
{
	int64_t id;
	while (s->unkept && pb_store_add(s->o.store, &s->unkept->as, &id, NULL) == 0)
		drop_oldest(s);
}

/* The name under which a low score is raised: "Probity.Reject.Trust19". NULL: nothing is raised. */
static const char *alert_of(pb_service *s, const pb_judgement *j, const char *sha256, int64_t day, char *out, size_t size)
{
	const pb_config *c = s->o.config;
	const pb_allowed *allowed;
	bool low = j->decision == PB_REJECT || (j->decision == PB_CONDITIONAL && c->alert == PB_ALERT_CONDITIONAL);
	if (c->alert == PB_ALERT_NEVER || !j->report || !low)
		return NULL;
	if ((allowed = pb_config_allows(c, sha256, day))) {
		pb_service_log(s, LOG_NOTICE, "no alert for %s, it is allowed: %s", sha256, allowed->reason);
		return NULL;
	}
	snprintf(out, size, "Probity.%s.Trust%d", j->decision == PB_REJECT ? "Reject" : "Conditional", j->trust_tenths / 10);
	return out;
}

static bool last_of_scan(const pb_service *s, const pb_case *c)
{
	for (const pb_case *o = s->cases; o; o = o->next)
		if (o != c && o->stream == c->stream && o->scan == c->scan)
			return false;
	return true;
}

static const char *decision_word(const pb_judgement *j)
{
	static const char *const words[] = {[PB_ACCEPT] = "ACCEPT", [PB_CONDITIONAL] = "CONDITIONAL", [PB_REJECT] = "REJECT",
	                                    [PB_NOT_RATED] = "NOT RATED"};
	return j->report ? words[j->decision] : "NOT ASSESSED";
}

void pb_case_judge(pb_service *s, pb_case *c, json_t *document, const char *reason)
{
	pb_error err = {0};
	pb_judgement j = {0};
	const json_t *about = pb_template_about(c->of->keeper.rules);
	int64_t now = s->o.now(), day = s->o.as_of >= 0 ? s->o.as_of : now / 86400, id = 0;
	char alert[60];
	pb_judge by = {.policy = &c->of->policy, .as_of = day, .clamav = pb_json_str(pb_template_about(c->of->keeper.clamav), "clamav", ""),
	               .yara = pb_json_str(about, "yara", ""), .lua = pb_json_str(about, "lua", ""),
	               .rules_digest = pb_json_str(about, "rules_digest", ""), .box = json_object_get(about, "box"), .rule_sets = json_object_get(about, "rule_sets"),
	               .database = pb_case_database(c)};
	if (document && pb_judge_product(&by, document, &j, &err))
		reason = err.text;
	const json_t *product = json_object_get(document, "product");
	const char *raised = alert_of(s, &j, c->identity.sha256, day, alert, sizeof alert);
	char *report = j.report ? pb_json_canonical(j.report) : NULL;
	bool rated = j.report && j.confidence_permille >= PB_RATED_FROM;
	pb_stored as = {.time = now, .path = c->path ? c->path : "", .name = pb_json_str(product, "name", c->said ? pb_gather_name(c->said) : ""),
	                .version = pb_json_str(product, "version", ""), .kind = pb_json_str(product, "kind", c->identity.kind),
	                .sha256 = c->identity.sha256, .host = c->host, .uid = c->uid == (uid_t)-1 ? -1 : (int64_t)c->uid,
	                .policy = c->of->policy.name, .rules_digest = by.rules_digest,
	                .trust_tenths = rated ? j.trust_tenths : -1,
	                .low_tenths = rated ? j.floor_tenths : -1,
	                .confidence_tenths = j.report ? j.confidence_permille : -1, .decision = decision_word(&j),
	                .clamav = c->signature ? c->signature : "", .reason = j.report ? "" : reason && *reason ? reason : "no reason was given",
	                .alert = raised ? raised : "", .report = report};
	/* The host first: it may be waiting. */
	bool last = !c->grouped && last_of_scan(s, c);
	if (s->o.config->alert != PB_ALERT_NEVER && !c->grouped && (raised || last))
		pb_stream_verdict_to(s, c->stream, c->scan, raised);
	if (s->o.store && pb_store_add(s->o.store, &as, &id, &err))
		keep_for_later(s, &as, err.text);
	s->count.assessed += j.report != NULL;
	s->count.not_assessed += j.report == NULL;
	s->count.alerts += raised != NULL;
	pb_service_log(s, j.report ? LOG_INFO : LOG_WARNING,
	               "assessed id=%lld decision=\"%s\" trust=%d.%d low=%d.%d confidence=%d.%d product=\"%s\" version=\"%s\" sha256=%s host=%s path=\"%s\"%s%s%s%s",
	               (long long)id, as.decision, j.trust_tenths / 10, j.trust_tenths % 10, j.floor_tenths / 10, j.floor_tenths % 10,
	               j.confidence_permille / 10, j.confidence_permille % 10, as.name, as.version, as.sha256, as.host, as.path,
	               raised ? " alert=" : "", as.alert, *as.reason ? " reason=" : "", as.reason);
	if (last)
		pb_stream_settled(s, c->stream);
	if (s->o.assessed) {
		pb_assessed told = {.as = &as, .report = j.report, .id = id, .decision = j.decision};
		s->o.assessed(s->o.user, &told);
	}
	json_decref(j.report);
	free(report);
}
