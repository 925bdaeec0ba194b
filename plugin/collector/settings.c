#include "collector/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ini.h"
#include "base/text.h"
#include "base/value.h"
#include "collector/url.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MEGA     (INT64_C(1) << 20)

typedef enum type { FLAG, NUMBER, MILLISECONDS, SIZE, WORDS, HOSTS, URL, FILE_NAME, WORD, OPTIONS } type;

/* where: "" is [collector], "push", or "source" for each [collector SOURCE]. */
static const struct key {
	const char *where, *key, *member, *initial;
	int64_t lo, hi; /* durations in milliseconds */
	type type;
} keys[] = {
	{"", "enabled", "enabled", "no", 0, 0, FLAG},
	{"", "sources", "sources", "", 0, 0, WORDS},
	{"", "cache", "cache", "", 0, 0, FILE_NAME},
	{"", "proxy", "proxy", "", 0, 0, URL},
	{"", "ca_file", "ca_file", "", 0, 0, FILE_NAME},
	{"", "connect_timeout", "connect_ms", "10s", 100, 300000, MILLISECONDS},
	{"", "timeout", "total_ms", "60s", 100, 3600000, MILLISECONDS},
	{"", "max_size", "max_bytes", "16M", 1024, 64 * MEGA, SIZE},
	{"", "download_size", "download_bytes", "2047M", 1024, 2047 * MEGA, SIZE},
	{"", "redirects", "redirects", "5", 0, 20, NUMBER},
	{"", "retries", "retries", "2", 0, 10, NUMBER},
	{"", "retry_wait", "retry_ms", "1s", 10, 60000, MILLISECONDS},
	{"", "allow_private", "allow_private", "no", 0, 0, FLAG},
	{"", "resolve", "resolve", "", 0, 0, WORDS},
	{"source", "hosts", "hosts", NULL, 0, 0, HOSTS},
	{"source", "mirror", "mirror", NULL, 0, 0, URL},
	{"source", "options", "options", NULL, 0, 0, OPTIONS},
	{"push", "url", "url", "", 0, 0, URL},
	{"push", "format", "format", "webhook", 0, 0, WORD},
	{"push", "index", "index", "probity", 0, 0, WORD},
	{"push", "token_file", "token_file", "", 0, 0, FILE_NAME},
	{"push", "outbox", "outbox", "", 0, 0, FILE_NAME},
};

typedef struct reading {
	json_t *out, *seen;
} reading;

static int check_url(const struct key *k, const char *value, pb_error *err)
{
	pb_error inner = {0};
	pb_url u;

	if (*value && pb_url_parse(value, &u, &inner))
		return pb_fail(err, PB_EINPUT, "%s: \"%s\" %s", k->key, value, inner.text);
	return PB_OK;
}

static int read_number(const struct key *k, const char *value, json_t **out, pb_error *err)
{
	int64_t v;
	bool is = k->type == SIZE     ? pb_value_size(value, &v)
	          : k->type == NUMBER ? pb_text_int(value, 0, INT64_MAX, &v)
	                              : pb_value_duration(value, &v);

	if (is && k->type == MILLISECONDS)
		v /= 1000;
	if (!is || v < k->lo || v > k->hi)
		return pb_fail(err, PB_EINPUT, "%s: \"%s\" is not %s in its range (probity.conf(5))", k->key, value,
		               k->type == SIZE     ? "a size such as \"16M\""
		               : k->type == NUMBER ? "a whole number"
		                                   : "a duration such as \"10s\"");
	*out = json_integer((json_int_t)v);
	return PB_OK;
}

/* "suite=bookworm components=main" */
static int read_option(const struct key *k, char *word, json_t *into, pb_error *err)
{
	char *is = strchr(word, '=');

	if (!is || is == word || !is[1])
		return pb_fail(err, PB_EINPUT, "%s: \"%s\" is not NAME=VALUE", k->key, word);
	*is = '\0';
	return json_object_set_new(into, word, json_string(is + 1)) ? pb_fail(err, PB_ENOMEM, "out of memory") : PB_OK;
}

static int read_words(const struct key *k, const char *value, json_t **out, pb_error *err)
{
	char **words;
	int rc = pb_value_words(value, &words, err);

	if (rc)
		return rc;
	*out = k->type == OPTIONS ? json_object() : json_array();
	for (size_t i = 0; words[i] && !rc; i++) {
		if (k->type == OPTIONS)
			rc = read_option(k, words[i], *out, err);
		else if (k->type == HOSTS && !pb_url_entry(words[i]))
			rc = pb_fail(err, PB_EINPUT, "%s: \"%s\" is not a host (NAME, NAME:PORT, *.NAME, or * for every name)", k->key, words[i]);
		else if (json_array_append_new(*out, json_string(words[i])))
			rc = pb_fail(err, PB_ENOMEM, "out of memory");
	}
	pb_value_words_free(words);
	if (rc) {
		json_decref(*out);
		*out = NULL;
	}
	return rc;
}

static int read_value(const struct key *k, const char *value, json_t **out, pb_error *err)
{
	int rc = PB_OK;

	*out = NULL;
	switch (k->type) {
	case FLAG:
		if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
			return pb_fail(err, PB_EINPUT, "%s: \"%s\" is neither yes nor no", k->key, value);
		*out = json_boolean(strcmp(value, "yes") == 0);
		break;
	case NUMBER:
	case MILLISECONDS:
	case SIZE:
		rc = read_number(k, value, out, err);
		break;
	case WORDS:
	case HOSTS:
	case OPTIONS:
		return read_words(k, value, out, err);
	case URL:
		rc = check_url(k, value, err);
		break;
	case FILE_NAME:
		if (*value && *value != '/')
			rc = pb_fail(err, PB_EINPUT, "%s: \"%s\" is not an absolute path", k->key, value);
		break;
	case WORD:
		if (strcmp(k->key, "format") == 0 && strcmp(value, "webhook") != 0 && strcmp(value, "bulk") != 0)
			rc = pb_fail(err, PB_EINPUT, "format: \"%s\" is neither webhook nor bulk", value);
		else if (!*value || strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != strlen(value))
			rc = pb_fail(err, PB_EINPUT, "%s: \"%s\" is not a name of small letters, digits, - _ and .", k->key, value);
		break;
	}
	if (rc)
		return rc;
	if (!*out)
		*out = json_string(value);
	return *out ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");
}

static int set(json_t *into, const struct key *k, const char *value, pb_error *err)
{
	json_t *v;
	int rc = read_value(k, value, &v, err);

	return rc ? rc : json_object_set_new(into, k->member, v) ? pb_fail(err, PB_ENOMEM, "out of memory") : PB_OK;
}

static int on_line(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	reading *r = user;
	const char *where = "", *names[COUNT(keys)], *near;
	json_t *into = r->out;
	char id[300];
	size_t n = 0;

	(void)line;
	if (strcmp(section, "push") == 0) {
		into = json_object_get(r->out, where = "push");
	} else if (strncmp(section, "collector ", 10) == 0) {
		const char *name = section + 10;

		if (!*name || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(name) || strlen(name) > 64)
			return pb_fail(err, PB_EINPUT, "[%s]: not the name of a source", section);
		into = pb_json_object_at(json_object_get(r->out, where = "source"), name);
	} else if (strcmp(section, "collector") != 0) {
		return PB_OK;
	}
	for (size_t i = 0; i < COUNT(keys); i++) {
		if (strcmp(keys[i].where, where) != 0)
			continue;
		names[n++] = keys[i].key;
		if (strcmp(keys[i].key, key) != 0)
			continue;
		(void)snprintf(id, sizeof id, "%.100s\n%.100s", section, key);
		if (json_object_get(r->seen, id))
			return pb_fail(err, PB_EINPUT, "[%s] %s stands there twice", section, key);
		json_object_set_new(r->seen, id, json_true());
		return into ? set(into, &keys[i], value, err) : pb_fail(err, PB_ENOMEM, "out of memory");
	}
	near = pb_text_nearest(key, names, n);
	return near ? pb_fail(err, PB_EINPUT, "[%s]: unknown key \"%s\", did you mean \"%s\"?", section, key, near)
	            : pb_fail(err, PB_EINPUT, "[%s]: unknown key \"%s\"", section, key);
}

int pb_collector_settings(const char *file, json_t **out, pb_error *err)
{
	reading r = {.out = json_pack("{s:s,s:{},s:{}}", "file", file ? file : PB_COLLECTOR_CONFIG, "source", "push"), .seen = json_object()};
	int rc = r.out && r.seen ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");

	for (size_t i = 0; i < COUNT(keys) && !rc; i++)
		if (keys[i].initial)
			rc = set(*keys[i].where ? json_object_get(r.out, keys[i].where) : r.out, &keys[i], keys[i].initial, err);
	if (!rc && (file || access(PB_COLLECTOR_CONFIG, F_OK) == 0 || errno != ENOENT))
		rc = pb_ini_read(file ? file : PB_COLLECTOR_CONFIG, on_line, &r, err);
	json_decref(r.seen);
	if (rc) {
		json_decref(r.out);
		r.out = NULL;
	}
	*out = r.out;
	return rc;
}

bool pb_collector_settings_hold(const json_t *settings)
{
	for (size_t i = 0; i < COUNT(keys); i++) {
		const json_t *in = *keys[i].where ? json_object_get(settings, keys[i].where) : settings;
		const json_t *v = json_object_get(in, keys[i].member);

		if (!keys[i].initial)
			continue;
		switch (keys[i].type) {
		case FLAG:
			if (!json_is_boolean(v))
				return false;
			break;
		case NUMBER:
		case MILLISECONDS:
		case SIZE:
			if (!json_is_integer(v) || json_integer_value(v) < keys[i].lo || json_integer_value(v) > keys[i].hi)
				return false;
			break;
		case WORDS:
		case HOSTS:
			if (!json_is_array(v))
				return false;
			break;
		default:
			if (!json_is_string(v))
				return false;
		}
	}
	return json_is_object(json_object_get(settings, "source"));
}
