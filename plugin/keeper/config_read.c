/* A key that is misspelt would silently change what is assessed or who reads it: all that is not known is refused. */
#include "keeper/config_read.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "base/value.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define AT(field) offsetof(pb_config, field)

enum { ALLOWED_MAX = 10000 };
#define SECOND INT64_C(1000000)
#define MEGA   (INT64_C(1) << 20)
#define TERA   (INT64_C(1) << 40)

typedef enum type {
	KINDS,
	FOLDERS,
	PACKS,
	PEERS, /* lists of words, up to here */
	POLICY,
	FILE_NAME,
	ALERT,
	CACHE,
	NUMBER,
	SECONDS,
	MILLISECONDS,
	MICROSECONDS,
	DAYS,
	SIZE,  /* into an int64_t */
	MEMORY /* into a uint64_t */
} type;

static const struct key {
	const char *section, *key;
	size_t at;           /* offset in pb_config */
	const char *initial; /* the default, written as in the file */
	int64_t lo, hi;      /* of a number; durations in microseconds, sizes in bytes */
	type type;
	bool zero;           /* 0 is allowed below lo: no bound */
} keys[] = {
	{"assess", "kinds", AT(kinds), "package archive installer binary firmware", 0, 0, KINDS, false},
	{"assess", "policy", AT(policy), "business", 0, 0, POLICY, false},
	{"assess", "rules", AT(rules), "", 0, 0, FOLDERS, false},
	{"assess", "packs", AT(packs), "", 0, 0, PACKS, false},
	{"assess", "jobs", AT(jobs), "0", 0, 256, NUMBER, false},
	{"assess", "clean_cache", AT(keep_cache), "keep", 0, 0, CACHE, false},
	{"alert", "alert", AT(alert), "observe", 0, 0, ALERT, false},
	{"alert", "deadline", AT(deadline_ms), "10s", 1000, 600 * SECOND, MILLISECONDS, false},
	{"budget", "object", AT(object_seconds), "60s", SECOND, 3600 * SECOND, SECONDS, false},
	{"budget", "reduce", AT(reduce_seconds), "10m", SECOND, 86400 * SECOND, SECONDS, false},
	{"budget", "memory", AT(memory), "2G", 64 * MEGA, TERA, MEMORY, false},
	{"budget", "member", AT(member_bytes), "1G", 64 * MEGA, 2047 * MEGA, MEMORY, false},
	{"budget", "room", AT(room_us), "20ms", 0, SECOND / 4, MICROSECONDS, false},
	{"budget", "nice", AT(nice), "5", 0, 19, NUMBER, false},
	{"store", "store", AT(store), "/var/lib/probity/probity.db", 0, 0, FILE_NAME, false},
	{"store", "store_size", AT(store_bytes), "4G", MEGA, 1024 * TERA, SIZE, true},
	{"store", "keep", AT(keep_days), "400d", 86400 * SECOND, 86400 * SECOND * 36500, DAYS, true},
	{"store", "cache", AT(cache), "/var/lib/probity/objects.db", 0, 0, FILE_NAME, false},
	{"store", "cache_size", AT(cache_bytes), "1G", MEGA, 1024 * TERA, SIZE, false},
	{"report", "templates", AT(templates), "", 0, 0, FILE_NAME, false},
	{"access", "submit", AT(submit), "user:clamav", 0, 0, PEERS, false},
	{"access", "read", AT(read), "group:adm", 0, 0, PEERS, false},
};
_Static_assert(COUNT(keys) <= PB_CONFIG_KEYS_MAX, "set[] is too short");

static int unknown(const char *what, const char *word, const char *const *names, size_t n, pb_error *err)
{
	const char *near = pb_text_nearest(word, names, n);

	if (near == NULL)
		return pb_fail(err, PB_EINPUT, "unknown %s \"%s\"", what, word);
	return pb_fail(err, PB_EINPUT, "unknown %s \"%s\", did you mean \"%s\"?", what, word, near);
}

static void *field(pb_config *c, const struct key *k)
{
	return (char *)c + k->at;
}

/* Kinds themselves are known to object/ only; a word that begins like a group's name and is nearly that is a slip. */
static int check_kind(const char *word, pb_error *err)
{
	static const char *const groups[] = {"archive", "package", "installer", "binary", "firmware", "folder"};
	const char *near;

	for (size_t i = 0; i < COUNT(groups); i++)
		if (strcmp(word, groups[i]) == 0)
			return PB_OK;
	if (strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(word))
		return pb_fail(err, PB_EINPUT, "\"%s\" is not a kind such as \"package\" or \"deb\"", word);
	near = pb_text_nearest(word, groups, COUNT(groups));
	if (near == NULL || strncmp(near, word, 3) != 0)
		return PB_OK;
	return unknown("kind", word, groups, COUNT(groups), err);
}

static int check_peer(const char *word, pb_error *err)
{
	if ((strncmp(word, "user:", 5) == 0 && word[5] != '\0') || (strncmp(word, "group:", 6) == 0 && word[6] != '\0'))
		return PB_OK;
	return pb_fail(err, PB_EINPUT, "\"%s\" is neither \"user:NAME\" nor \"group:NAME\"", word);
}

/* The keeper's own folder is "/": what a relative name means would depend on who started it. */
static int check_absolute(const char *word, pb_error *err)
{
	return *word == '/' ? PB_OK : pb_fail(err, PB_EINPUT, "\"%s\" is not an absolute path", word);
}

static int check_pack(const char *word, pb_error *err)
{
	if (*word != '-' && strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(word))
		return PB_OK;
	return pb_fail(err, PB_EINPUT, "\"%s\" is not the name of a pack (folders of rules: rules = DIR)", word);
}

static int set_words(pb_config *c, const struct key *k, const char *value, pb_error *err)
{
	int (*check)(const char *, pb_error *) = k->type == KINDS   ? check_kind
	                                         : k->type == PEERS ? check_peer
	                                         : k->type == PACKS ? check_pack
	                                                            : check_absolute;
	char ***at = field(c, k), **words;
	int rc = pb_value_words(value, &words, err);

	if (rc != PB_OK)
		return rc;
	for (size_t i = 0; words[i] != NULL && rc == PB_OK; i++) {
		size_t n = strlen(words[i]);

		if ((k->type == FOLDERS || k->type == PACKS) && n > 1 && words[i][n - 1] == ',') /* a list as most people write one */
			words[i][n - 1] = '\0';
		rc = check(words[i], err);
	}
	if (rc == PB_OK && k->type == KINDS && words[0] == NULL)
		rc = pb_fail(err, PB_EINPUT, "no kind at all: nothing would be assessed");
	if (rc != PB_OK) {
		pb_value_words_free(words);
		return rc;
	}
	pb_value_words_free(*at);
	*at = words;
	return PB_OK;
}

static int set_text(pb_config *c, const struct key *k, const char *value, pb_error *err)
{
	char **at = field(c, k), *copy;
	bool path = k->type == FILE_NAME ? *value != '\0' : strchr(value, '/') != NULL;

	if (k->type == POLICY && *value == '\0')
		return pb_fail(err, PB_EINPUT, "names no policy");
	if (path && check_absolute(value, err) != PB_OK)
		return PB_EINPUT;
	copy = strdup(value);
	if (copy == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	free(*at);
	*at = copy;
	return PB_OK;
}

static int set_alert(pb_config *c, const char *value, pb_error *err)
{
	static const char *const names[] = {"observe", "reject", "conditional"};

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(value, names[i]) == 0) {
			c->alert = (pb_alert)i;
			return PB_OK;
		}
	return unknown("value", value, names, COUNT(names), err);
}

static int set_cache(pb_config *c, const char *value, pb_error *err)
{
	static const char *const names[] = {"off", "keep"};

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(value, names[i]) == 0) {
			c->keep_cache = i == 1;
			return PB_OK;
		}
	return unknown("value", value, names, COUNT(names), err);
}

static int set_number(pb_config *c, const struct key *k, const char *value, pb_error *err)
{
	bool size = k->type == SIZE || k->type == MEMORY, plain = k->type == NUMBER;
	int64_t unit = k->type == SECONDS ? SECOND : k->type == MILLISECONDS ? 1000 : k->type == DAYS ? 86400 * SECOND : 1;
	void (*write)(int64_t, char[32]) = size || plain ? pb_value_size_text : pb_value_duration_text;
	char lo[32], hi[32], step[32];
	int64_t v;
	bool is = plain  ? pb_text_int(value, 0, INT64_MAX, &v)
	          : size ? pb_value_size(value, &v)
	                 : pb_value_duration(value, &v);

	if (!is)
		return pb_fail(err, PB_EINPUT, "\"%s\" is not %s", value,
		               plain  ? "a whole number"
		               : size ? "a size such as \"512M\" or \"2G\""
		                      : "a duration such as \"10s\", \"500ms\" or \"400d\"");
	if ((v < k->lo || v > k->hi) && !(k->zero && v == 0)) {
		write(k->lo, lo);
		write(k->hi, hi);
		return pb_fail(err, PB_EINPUT, "\"%s\" is not from %s to %s%s", value, lo, hi,
		               k->zero ? ", nor 0 for no bound" : "");
	}
	if (v % unit != 0) {
		write(unit, step);
		return pb_fail(err, PB_EINPUT, "\"%s\" is not a multiple of %s", value, step);
	}
	if (k->type == MEMORY)
		*(uint64_t *)field(c, k) = (uint64_t)v;
	else if (k->type == SIZE)
		*(int64_t *)field(c, k) = v;
	else
		*(unsigned *)field(c, k) = (unsigned)(v / unit);
	return PB_OK;
}

static int set_key(pb_config *c, const struct key *k, const char *value, pb_error *err)
{
	switch (k->type) {
	case KINDS:
	case FOLDERS:
	case PACKS:
	case PEERS:
		return set_words(c, k, value, err);
	case POLICY:
	case FILE_NAME:
		return set_text(c, k, value, err);
	case ALERT:
		return set_alert(c, value, err);
	case CACHE:
		return set_cache(c, value, err);
	default:
		return set_number(c, k, value, err);
	}
}

/* "SHA256 = 2027-01-31 why it is allowed" */
static int add_allowed(pb_config *c, const char *digest, const char *value, pb_error *err)
{
	pb_allowed entry = {0}, *grown;
	const char *reason = value + strcspn(value, " \t");
	char day[11] = "";

	if (strlen(digest) != 64 || strspn(digest, "0123456789abcdefABCDEF") != 64)
		return pb_fail(err, PB_EINPUT, "\"%s\" is not a SHA-256 in 64 hexadecimal digits", digest);
	for (int i = 0; i < 64; i++)
		entry.sha256[i] = (char)tolower((unsigned char)digest[i]);
	for (size_t i = 0; i < c->n_allowed; i++)
		if (strcmp(c->allowed[i].sha256, entry.sha256) == 0)
			return pb_fail(err, PB_EINPUT, "\"%s\" stands there twice", digest);
	if (reason - value == 10)
		(void)snprintf(day, sizeof day, "%.10s", value);
	if (!pb_date_parse(day, &entry.expires))
		return pb_fail(err, PB_EINPUT, "must be \"YYYY-MM-DD REASON\", the last day on which it counts and why");
	reason += strspn(reason, " \t");
	if (*reason == '\0')
		return pb_fail(err, PB_EINPUT, "gives no reason after the date");
	if (c->n_allowed == ALLOWED_MAX)
		return pb_fail(err, PB_ELIMIT, "more than %d entries", ALLOWED_MAX);
	grown = realloc(c->allowed, (c->n_allowed + 1) * sizeof *grown);
	if (grown == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	c->allowed = grown;
	entry.reason = strdup(reason);
	if (entry.reason == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	c->allowed[c->n_allowed++] = entry;
	return PB_OK;
}

int pb_config_defaults(pb_config_lines *lines, pb_error *err)
{
	int rc = PB_OK;

	for (size_t i = 0; i < COUNT(keys) && rc == PB_OK; i++)
		rc = set_key(lines->config, &keys[i], keys[i].initial, err);
	return rc;
}

int pb_config_line(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	static const char *const sections[] = {"assess", "alert", "allow", "budget", "store", "report", "access", "collector", "push"};
	pb_config_lines *lines = user;
	const char *names[COUNT(keys)];
	pb_error inner = {0};
	size_t n = 0;
	int rc;

	(void)line;
	if (*section == '\0')
		return pb_fail(err, PB_EINPUT, "\"%s\" stands before the first [section]", key);
	/* What `probity collect` and `probity push` may is read by them (collector/settings.h): the keeper has no network. */
	if (strcmp(section, "collector") == 0 || strncmp(section, "collector ", 10) == 0 || strcmp(section, "push") == 0)
		return PB_OK;
	if (strcmp(section, "allow") == 0) {
		rc = add_allowed(lines->config, key, value, &inner);
		return rc == PB_OK ? PB_OK : pb_fail(err, rc, "[allow]: %s", inner.text);
	}
	for (size_t i = 0; i < COUNT(keys); i++) {
		if (strcmp(keys[i].section, section) != 0)
			continue;
		names[n++] = keys[i].key;
		if (strcmp(keys[i].key, key) != 0)
			continue;
		if (lines->set[i])
			return pb_fail(err, PB_EINPUT, "[%s] \"%s\" stands there twice", section, key);
		lines->set[i] = true;
		rc = set_key(lines->config, &keys[i], value, &inner);
		return rc == PB_OK ? PB_OK : pb_fail(err, rc, "[%s] %s: %s", section, key, inner.text);
	}
	return n > 0 ? unknown("key", key, names, n, err) : unknown("section", section, sections, COUNT(sections), err);
}
