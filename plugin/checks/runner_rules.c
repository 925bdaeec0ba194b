/* What a folder of YARA rules says of one object, as findings of its check. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "checks/entry.h"
#include "checks/runner.h"

enum { EXCERPT_BYTES = 160, DESCRIPTION = 240, PART = 90 };

/* A file that includes another one has that one's rules once more: they count where they stand. */
static bool said_by_included(const pb_rule_folder *f, const pb_rule_matches *m, size_t i)
{
	const pb_rule_match *one = &m->match[i];

	if (f->sources[f->source_of[one->file]]->text.n == 0)
		return false;
	for (size_t k = 0; k < m->n; k++)
		if (m->match[k].file != one->file && strcmp(m->match[k].rule, one->rule) == 0 &&
		    pb_rule_folder_includes(f, one->file, m->match[k].file))
			return true;
	return false;
}

/* Where the rule is: "rules/NAME/FILE"; in a compiled file also the namespace, unless it is YARA's only one. */
static void place_of(const pb_rule_folder *f, const pb_rule_match *m, char *out, size_t room)
{
	const pb_rule_file *file = &f->files[m->file];
	bool other = strcmp(m->space, file->space) != 0 && strcmp(m->space, "default") != 0;

	(void)snprintf(out, room, "%.250s%s%.80s", file->space, other ? "/" : "", other ? m->space : "");
}

static void add_part(char *words, size_t room, const char *before, const char *text, size_t most)
{
	size_t n = strlen(words);

	if (*text != '\0' && n + 1 < room)
		(void)snprintf(words + n, room - n, "%s%.*s", before, (int)most, text);
}

/* In its author's words, as a quotation: what we say is that the rule matches. */
static char *says_of(const pb_rule_folder *f, const pb_rule_match *m, const char *place)
{
	char words[PB_SAYS_MAX + 400];
	const char *text = pb_rule_meta_text(&f->meta, m->meta, PB_KEY_DESCRIPTION);

	(void)snprintf(words, sizeof words, "YARA rule %.128s (%s) matches", m->rule, place);
	add_part(words, sizeof words, ": \"", text, DESCRIPTION);
	if (*text != '\0')
		add_part(words, sizeof words, "", "\"", 1);
	add_part(words, sizeof words, "; family ", pb_rule_meta_text(&f->meta, m->meta, PB_KEY_FAMILY), PART);
	add_part(words, sizeof words, "; by ", pb_rule_meta_text(&f->meta, m->meta, PB_KEY_AUTHOR), PART);
	add_part(words, sizeof words, "; see ", pb_rule_meta_text(&f->meta, m->meta, PB_KEY_REFERENCE), PART);
	return pb_text_safe(words, PB_SAYS_MAX);
}

static int raise_match(const pb_entry *e, const pb_object *object, const pb_rule_match *m, json_t *result)
{
	const pb_rule_folder *f = e->folder;
	pb_bytes bytes = {(const uint8_t *)"", 0};
	char place[340], key[PB_KEY_MAX], *says, *excerpt, *shown;
	int rc = PB_ENOMEM;

	place_of(f, m, place, sizeof place);
	(void)snprintf(key, sizeof key, "%s:%.128s", place, m->rule);
	if (m->at >= 0)
		bytes = pb_slice(object->bytes, (uint64_t)m->at, m->length < EXCERPT_BYTES ? m->length : EXCERPT_BYTES);
	says = says_of(f, m, place);
	shown = pb_text_safe(key, PB_KEY_MAX);
	excerpt = pb_text_display(bytes.size > 0 ? bytes.data : (const uint8_t *)"", bytes.size, PB_EXCERPT_MAX);
	if (says != NULL && excerpt != NULL && shown != NULL) {
		pb_raised r = {.check = e->check.id,
		               .finding = e->check.findings[0].name,
		               .key = shown,
		               .kappa = pb_rule_meta_kappa(&f->meta, m->meta),
		               .severity = pb_rule_meta_severity(&f->meta, m->meta, m->tags),
		               .says = says,
		               .at = m->at,
		               .length = m->at >= 0 ? (int64_t)m->length : 0,
		               .excerpt = excerpt};

		rc = pb_result_add(result, &r);
	}
	free(says);
	free(shown);
	free(excerpt);
	return rc;
}

static int raise_all(const pb_catalogue *c, const pb_entry *e, const pb_object *object, const pb_rule_matches *m, json_t *result)
{
	size_t raised = 0;
	int rc = PB_OK;

	for (size_t i = 0; i < m->n && rc == PB_OK; i++) {
		if (said_by_included(e->folder, m, i))
			continue;
		if (raised++ == c->box->limits.findings)
			return pb_result_unknown(result, e->check.id, "limit " PB_LIMIT_FINDINGS);
		rc = raise_match(e, object, &m->match[i], result);
	}
	return rc;
}

static int say_unknown(const pb_entry *e, const char *why, json_t *result)
{
	char words[300], *safe;
	int rc;

	(void)snprintf(words, sizeof words, "YARA: %s", why);
	safe = pb_text_safe(words, 250);
	rc = safe != NULL ? pb_result_unknown(result, e->check.id, safe) : PB_ENOMEM;
	free(safe);
	return rc;
}

int pb_runner_rules(const pb_catalogue *c, size_t folder, pb_rule_scanner *scanner, uint64_t micros, const pb_object *object,
                    const json_t *facts, const pb_run_how *how, json_t *result, uint64_t *spent, pb_error *err)
{
	size_t at = c->folders[folder];
	const pb_entry *e = &c->entries[at];
	char md5[PB_HEX_MAX];
	pb_rule_matches m = {0};
	int rc;

	*spent = 0;
	/* Where it applies and is excused the runner has said so already. */
	if (!pb_check_applies(&e->check, json_object_get(facts, "tags")) ||
	    (how != NULL && json_object_get(how->excused, e->check.id) != NULL))
		return PB_OK;
	if (how != NULL && how->at != NULL)
		how->at(how->user, PB_RUN_CHECK + (uint32_t)at);
	if (micros == 0)
		rc = say_unknown(e, "time budget of the product spent", result);
	else /* rules of others may ask for it; no fact has it, since nothing of ours does */
		rc = pb_rule_scanner_run(scanner, object->bytes, pb_hash_hex("md5", object->bytes, md5) ? md5 : NULL, micros, &m);
	if (rc == PB_OK)
		rc = raise_all(c, e, object, &m, result);
	if (rc == PB_OK && m.why[0] != '\0')
		rc = say_unknown(e, m.why, result);
	*spent = m.micros;
	pb_rule_matches_free(&m);
	return rc == PB_OK ? rc : pb_fail(err, rc, "out of memory in check %s", e->check.id);
}
