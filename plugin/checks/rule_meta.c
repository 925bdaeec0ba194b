#include "checks/rule_meta.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ini.h"
#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
enum { ROWS_MAX = 1000, SECONDS_MAX = 3600, PRODUCT_SECONDS_MAX = 86400, WORD = 100 };

static const char *const key_names[PB_RULE_KEYS] = {"severity",    "score",  "confidence", "category",
                                                    "description", "family", "author",     "reference"};
static const char *const table_names[PB_RULE_TABLES] = {"severity", "score", "confidence", "category", "tag"};

static int unknown(const char *what, const char *word, const char *const *names, size_t n, pb_error *err)
{
	const char *near = pb_text_nearest(word, names, n);

	if (near == NULL)
		return pb_fail(err, PB_EINPUT, "unknown %s \"%s\"", what, word);
	return pb_fail(err, PB_EINPUT, "unknown %s \"%s\"; did you mean \"%s\"?", what, word, near);
}

static int read_severity(const char *value, int *out, pb_error *err)
{
	const char *names[PB_SEVERITIES];

	*out = pb_severity_of(value);
	if (*out >= 0)
		return PB_OK;
	for (int i = 0; i < PB_SEVERITIES; i++)
		names[i] = pb_severity_name((pb_severity)i);
	return unknown("severity", value, names, PB_SEVERITIES, err);
}

static int read_number(const char *value, int lo, int hi, int *out, pb_error *err)
{
	int64_t n;

	if (!pb_text_int(value, lo, hi, &n))
		return pb_fail(err, PB_EINPUT, "\"%s\" is not a whole number from %d to %d", value, lo, hi);
	*out = (int)n;
	return PB_OK;
}

static int set_limit(pb_rule_meta *m, const char *key, const char *value, pb_error *err)
{
	static const char *const names[] = {"seconds", "product_seconds"};
	bool product = strcmp(key, names[1]) == 0;
	int n = 0, rc;

	if (!product && strcmp(key, names[0]) != 0)
		return unknown("key", key, names, COUNT(names), err);
	rc = read_number(value, 1, product ? PRODUCT_SECONDS_MAX : SECONDS_MAX, &n, err);
	if (rc == PB_OK)
		*(product ? &m->product_seconds : &m->seconds) = (unsigned)n;
	return rc;
}

static int set_default(pb_rule_meta *m, const char *key, const char *value, pb_error *err)
{
	static const char *const names[] = {"severity", "worst", "confidence", "most"};
	int n = 0, rc;
	size_t i = 0;

	while (i < COUNT(names) && strcmp(key, names[i]) != 0)
		i++;
	if (i == COUNT(names))
		return unknown("key", key, names, COUNT(names), err);
	rc = i < 2 ? read_severity(value, &n, err) : read_number(value, 1, 999, &n, err);
	if (rc != PB_OK)
		return rc;
	if (i == 0)
		m->severity = (pb_severity)n;
	else if (i == 1)
		m->worst = (pb_severity)n;
	else
		*(i == 2 ? &m->confidence : &m->most) = n;
	return PB_OK;
}

static int set_keys(pb_rule_meta *m, const char *key, const char *value, pb_error *err)
{
	for (size_t i = 0; i < PB_RULE_KEYS; i++) {
		char *copy;

		if (strcmp(key, key_names[i]) != 0)
			continue;
		copy = strdup(value);
		if (copy == NULL)
			return pb_fail(err, PB_ENOMEM, "out of memory");
		free(m->keys[i]);
		m->keys[i] = copy;
		return PB_OK;
	}
	return unknown("key", key, key_names, PB_RULE_KEYS, err);
}

static void lower(const char *s, char out[WORD])
{
	size_t n = 0;

	for (; n < WORD - 1 && s[n] != '\0'; n++)
		out[n] = s[n] >= 'A' && s[n] <= 'Z' ? (char)(s[n] - 'A' + 'a') : s[n];
	out[n] = '\0';
}

static int set_word(pb_rule_words *t, const char *word, int value, pb_error *err)
{
	char low[WORD];
	void *more;

	lower(word, low);
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->row[i].word, low) == 0) {
			t->row[i].value = value;
			return PB_OK;
		}
	if (t->n == ROWS_MAX)
		return pb_fail(err, PB_ELIMIT, "more than %d words", ROWS_MAX);
	more = realloc(t->row, (t->n + 1) * sizeof *t->row);
	if (more == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	t->row = more;
	t->row[t->n].word = strdup(low);
	if (t->row[t->n].word == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	t->row[t->n++].value = value;
	return PB_OK;
}

static int on_line(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	static const char *const sections[] = {"limits", "default", "keys", "severity", "score", "confidence", "category", "tag"};
	pb_rule_meta *m = user;
	int n = 0, rc = PB_OK;

	(void)line;
	if (strcmp(section, "limits") == 0)
		return set_limit(m, key, value, err);
	if (strcmp(section, "default") == 0)
		return set_default(m, key, value, err);
	if (strcmp(section, "keys") == 0)
		return set_keys(m, key, value, err);
	for (int t = 0; t < PB_RULE_TABLES; t++) {
		if (strcmp(section, table_names[t]) != 0)
			continue;
		if (t == PB_WORDS_SCORE)
			rc = read_number(key, 0, 100, &n, err);
		if (rc == PB_OK)
			rc = t == PB_WORDS_CONFIDENCE ? read_number(value, 1, 999, &n, err) : read_severity(value, &n, err);
		return rc == PB_OK ? set_word(&m->words[t], key, n, err) : rc;
	}
	return unknown("section", section, sections, COUNT(sections), err);
}

int pb_rule_meta_read(const char *file, pb_rule_meta *m, pb_error *err)
{
	int rc = pb_ini_read(file, on_line, m, err);
	bool whole = m->seconds > 0 && m->product_seconds > 0 && m->confidence > 0 && m->most > 0;

	for (int i = 0; i < PB_RULE_KEYS; i++)
		whole = whole && m->keys[i] != NULL;
	if (rc == PB_OK && !whole)
		return pb_fail(err, PB_EINPUT, "%s: [limits], [default] and [keys] are not complete", file);
	return rc;
}

void pb_rule_meta_free(pb_rule_meta *m)
{
	for (int i = 0; i < PB_RULE_KEYS; i++)
		free(m->keys[i]);
	for (int t = 0; t < PB_RULE_TABLES; t++) {
		for (size_t i = 0; i < m->words[t].n; i++)
			free(m->words[t].row[i].word);
		free(m->words[t].row);
	}
	memset(m, 0, sizeof *m);
}

/* The value of the n-th key of that purpose; NULL where the rule has none. */
static const json_t *value_of(const pb_rule_meta *m, const json_t *meta, pb_rule_key key, size_t n)
{
	const char *s = m->keys[key];

	for (size_t at = 0; s != NULL; at++) {
		char name[WORD];
		size_t length;

		s += strspn(s, " \t,");
		length = strcspn(s, " \t,");
		if (length == 0)
			return NULL;
		if (at == n) {
			(void)snprintf(name, sizeof name, "%.*s", (int)length, s);
			return json_object_get(meta, name);
		}
		s += length;
	}
	return NULL;
}

static size_t n_keys(const pb_rule_meta *m, pb_rule_key key)
{
	size_t n = 0;

	for (const char *s = m->keys[key]; s != NULL && *(s += strspn(s, " \t,")) != '\0'; s += strcspn(s, " \t,"))
		n++;
	return n;
}

/* A number as such, or one that stands in a text. */
static bool number_of(const json_t *value, int64_t *out)
{
	if (json_is_integer(value)) {
		*out = json_integer_value(value);
		return true;
	}
	return json_is_string(value) && pb_text_int(json_string_value(value), 0, INT64_MAX, out);
}

static int word_of(const pb_rule_words *t, const char *word)
{
	char low[WORD];

	if (word == NULL)
		return -1;
	lower(word, low);
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->row[i].word, low) == 0)
			return t->row[i].value;
	return -1;
}

/* The severity of the largest number that is not above this one. */
static int score_of(const pb_rule_meta *m, int64_t n)
{
	const pb_rule_words *t = &m->words[PB_WORDS_SCORE];
	int64_t best = -1;
	int value = -1;

	for (size_t i = 0; i < t->n; i++) {
		int64_t from = atoi(t->row[i].word);

		if (from <= n && from > best) {
			best = from;
			value = t->row[i].value;
		}
	}
	return value;
}

static int from_severity(const pb_rule_meta *m, const json_t *meta)
{
	int64_t n;

	for (size_t i = 0; i < n_keys(m, PB_KEY_SEVERITY); i++) {
		const json_t *value = value_of(m, meta, PB_KEY_SEVERITY, i);
		int severity = word_of(&m->words[PB_WORDS_SEVERITY], json_string_value(value));

		/* A scale of ten, as CVSS has it, or one of a hundred. */
		if (severity < 0 && number_of(value, &n))
			severity = score_of(m, n <= 10 ? n * 10 : n);
		if (severity >= 0)
			return severity;
	}
	for (size_t i = 0; i < n_keys(m, PB_KEY_SCORE); i++)
		if (number_of(value_of(m, meta, PB_KEY_SCORE, i), &n))
			return score_of(m, n);
	return -1;
}

static int from_words(const pb_rule_meta *m, const json_t *meta, const json_t *tags)
{
	const json_t *tag;
	size_t k;
	int worst = -1;

	json_array_foreach (tags, k, tag) {
		int severity = word_of(&m->words[PB_WORDS_TAG], json_string_value(tag));

		worst = severity > worst ? severity : worst;
	}
	for (size_t i = 0; worst < 0 && i < n_keys(m, PB_KEY_CATEGORY); i++)
		worst = word_of(&m->words[PB_WORDS_CATEGORY], json_string_value(value_of(m, meta, PB_KEY_CATEGORY, i)));
	return worst;
}

pb_severity pb_rule_meta_severity(const pb_rule_meta *m, const json_t *meta, const json_t *tags)
{
	int severity = from_severity(m, meta);

	if (severity < 0)
		severity = from_words(m, meta, tags);
	if (severity < 0)
		severity = (int)m->severity;
	return severity > (int)m->worst ? m->worst : (pb_severity)severity;
}

int pb_rule_meta_kappa(const pb_rule_meta *m, const json_t *meta)
{
	int kappa = -1;
	int64_t n;

	for (size_t i = 0; kappa < 0 && i < n_keys(m, PB_KEY_CONFIDENCE); i++) {
		const json_t *value = value_of(m, meta, PB_KEY_CONFIDENCE, i);

		kappa = word_of(&m->words[PB_WORDS_CONFIDENCE], json_string_value(value));
		if (kappa < 0 && number_of(value, &n) && n > 0 && n <= 100)
			kappa = (int)n * 10;
	}
	if (kappa < 0)
		kappa = m->confidence;
	return kappa > m->most ? m->most : kappa;
}

const char *pb_rule_meta_text(const pb_rule_meta *m, const json_t *meta, pb_rule_key key)
{
	for (size_t i = 0; i < n_keys(m, key); i++) {
		const char *text = json_string_value(value_of(m, meta, key, i));

		if (text != NULL && *text != '\0')
			return text;
	}
	return "";
}
