#include "evidence/trust.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "evidence/trust_inside.h"

enum { SCOPE_MAX = 64, GLOB_MAX = 300 };

struct pb_trust {
	json_t *list;    /* the roots' rows, sorted by name; roots[i] is of row i, and points into it */
	pb_root *roots;
	json_t **prints; /* of each root: what its keys are known by */
	size_t n;
	pb_openpgp *ring;
};

static const char *const methods[PB_ROOT_METHODS] = {"minisign", "openpgp", "pem", "x509"};
static const char *const roles[] = {"vendor", "distributor", "builder", "auditor", "assessor"};

const char *pb_root_method_name(pb_root_method method)
{
	return methods[method];
}

bool pb_root_role(const char *role)
{
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (strcmp(roles[i], role) == 0)
			return true;
	return false;
}

bool pb_root_name(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

	return n > 0 && n < PB_ROOT_NAME && name[n] == '\0' && *name != '.' && *name != '-';
}

static int __attribute__((format(printf, 2, 3))) problem(json_t *problems, const char *fmt, ...)
{
	char text[700];
	pb_error safe; /* escapes */
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	(void)pb_fail(&safe, PB_EINPUT, "%s", text);
	if (problems != NULL && json_array_append_new(problems, json_pack("{s:s,s:s}", "document", "", "why", safe.text)) != 0)
		return PB_ENOMEM;
	return PB_OK;
}

static bool day_of(const char *text, int64_t otherwise, int64_t *day)
{
	*day = otherwise;
	return *text == '\0' || pb_date_parse(text, day);
}

static bool scope_fine(const json_t *scope)
{
	if (scope == NULL)
		return true;
	if (!json_is_array(scope) || json_array_size(scope) > SCOPE_MAX)
		return false;
	for (size_t i = 0; i < json_array_size(scope); i++)
		if (!json_is_string(json_array_get(scope, i)) || json_string_length(json_array_get(scope, i)) > GLOB_MAX)
			return false;
	return true;
}

/* Everything but the key. NULL: it is right. */
static const char *wrong(const json_t *row, pb_root *root)
{
	if (!pb_root_role(pb_json_str(row, "role", "")))
		return "its role is none of vendor, distributor, builder, auditor, assessor";
	if (!scope_fine(json_object_get(row, "scope")))
		return "its scope is no short list of globs";
	if (!day_of(pb_json_str(row, "from", ""), INT64_MIN, &root->from) || !day_of(pb_json_str(row, "until", ""), INT64_MAX, &root->until))
		return "from and until are dates, as 2026-01-31";
	if (root->from > root->until)
		return "it ends before it begins";
	return NULL;
}

/* Without blanks and in capitals, as some tools show fingerprints. */
static bool same_print(const char *said, const char *is)
{
	while (*said != '\0' || *is != '\0') {
		while (*said == ' ' || *said == ':')
			said++;
		while (*is == ' ' || *is == ':')
			is++;
		if ((*said >= 'a' && *said <= 'f' ? *said - 32 : *said) != (*is >= 'a' && *is <= 'f' ? *is - 32 : *is))
			return false;
		if (*said == '\0')
			break;
		said++;
		is++;
	}
	return true;
}

/* The row as it is told, without the key's text. */
static json_t *told(const json_t *row, const pb_root_key *key)
{
	json_t *scope = json_object_get(row, "scope");

	return json_pack("{s:s,s:s,s:s,s:s%,s:o,s:s,s:s}", "name", pb_json_str(row, "name", ""), "role", pb_json_str(row, "role", ""), "method",
	                 methods[key->method], "key", (const char *)key->shown.data, key->shown.size, "scope",
	                 scope != NULL ? json_deep_copy(scope) : json_array(), "from", pb_json_str(row, "from", ""), "until",
	                 pb_json_str(row, "until", ""));
}

/* Takes what is in key. */
static int add_root(pb_trust *t, const json_t *row, pb_root *root, pb_root_key *key)
{
	json_t *mine = told(row, key);
	int64_t from, until;

	if (mine == NULL || json_array_append_new(t->list, mine) != 0)
		return PB_ENOMEM;
	root->name = pb_json_str(mine, "name", "");
	root->role = pb_json_str(mine, "role", "");
	root->scope = json_object_get(mine, "scope");
	root->method = key->method;
	root->minisign = key->minisign;
	root->verifier = key->verifier;
	if (key->method != PB_ROOT_OPENPGP)
		(void)snprintf(root->shown, sizeof root->shown, "%s", (const char *)key->shown.data);
	if (key->verifier != NULL) {
		pb_verifier_days(key->verifier, &from, &until);
		root->from = from > root->from ? from : root->from;
		root->until = until < root->until ? until : root->until;
	}
	t->prints[t->n] = json_incref(key->prints);
	t->roots[t->n++] = *root;
	key->verifier = NULL;
	return PB_OK;
}

static int read_root(pb_trust *t, const json_t *row, json_t *problems)
{
	const char *name = pb_json_str(row, "name", ""), *said = pb_json_str(row, "key", ""), *why;
	pb_root root = {0};
	pb_root_key key = {0};
	pb_buf text = {0};
	pb_error err = {0};
	int rc;

	if (!pb_root_name(name))
		return problem(problems, "a trust root \"%s\" without a right name does not count", name);
	if (t->n > 0 && strcmp(t->roots[t->n - 1].name, name) == 0)
		return problem(problems, "of two trust roots named %s the second does not count", name);
	why = wrong(row, &root);
	if (why != NULL)
		return problem(problems, "trust root %s does not count: %s", name, why);
	rc = pb_root_text(json_object_get(row, "text"), &text);
	rc = rc == PB_OK ? pb_root_key_read((pb_bytes){text.data, text.size}, t->ring, &key, &err) : pb_fail(&err, rc, "its key has no text");
	if (rc == PB_OK && *said != '\0' && !same_print(said, (const char *)key.shown.data))
		rc = pb_fail(&err, PB_EINPUT, "its key file holds %s, not %s", (const char *)key.shown.data, said);
	if (rc == PB_OK && strcmp(pb_json_str(row, "method", methods[key.method]), methods[key.method]) != 0)
		rc = pb_fail(&err, PB_EINPUT, "its key file is of method %s, not %s", methods[key.method], pb_json_str(row, "method", ""));
	if (rc == PB_OK)
		rc = add_root(t, row, &root, &key);
	else if (rc != PB_ENOMEM)
		rc = problem(problems, "trust root %s does not count: %s", name, err.text);
	pb_root_key_free(&key);
	pb_buf_free(&text);
	return rc;
}

static bool share_a_key(const json_t *a, const json_t *b)
{
	for (size_t i = 0; i < json_array_size(a); i++)
		for (size_t k = 0; k < json_array_size(b); k++)
			if (json_equal(json_array_get(a, i), json_array_get(b, k)))
				return true;
	return false;
}

/* Who holds one key in two roles would answer for himself. */
static int find_twice(pb_trust *t, json_t *problems)
{
	int rc = PB_OK;

	for (size_t i = 0; i < t->n && rc == PB_OK; i++)
		for (size_t k = i + 1; k < t->n && rc == PB_OK; k++) {
			if (strcmp(t->roots[i].role, t->roots[k].role) == 0 || !share_a_key(t->prints[i], t->prints[k]))
				continue;
			t->roots[i].twice = t->roots[k].name;
			t->roots[k].twice = t->roots[i].name;
			rc = problem(problems, "trust roots %s and %s have one key in two roles: neither counts", t->roots[i].name, t->roots[k].name);
		}
	return rc;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(pb_json_str(*(json_t *const *)a, "name", ""), pb_json_str(*(json_t *const *)b, "name", ""));
}

static int read_roots(pb_trust *t, const json_t *roots, json_t *problems)
{
	size_t n = json_array_size(roots);
	json_t **sorted = calloc(n + 1, sizeof *sorted);
	int rc = sorted != NULL ? PB_OK : PB_ENOMEM;

	for (size_t i = 0; i < n && rc == PB_OK; i++)
		sorted[i] = json_array_get(roots, i);
	if (rc == PB_OK)
		qsort(sorted, n, sizeof *sorted, by_name);
	for (size_t i = 0; i < n && rc == PB_OK; i++)
		rc = read_root(t, sorted[i], problems);
	free(sorted);
	return rc == PB_OK ? find_twice(t, problems) : rc;
}

int pb_trust_open(const json_t *roots, pb_trust **out, json_t *problems, pb_error *err)
{
	size_t n = json_array_size(roots);
	pb_trust *t;
	int rc;

	*out = NULL;
	if (!json_is_array(roots) || n > PB_ROOTS_MAX)
		return pb_fail(err, PB_EINPUT, "trust roots: no list, or more than %d", PB_ROOTS_MAX);
	t = calloc(1, sizeof *t);
	if (t == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	t->roots = calloc(n + 1, sizeof *t->roots);
	t->prints = calloc(n + 1, sizeof *t->prints);
	t->list = json_array();
	rc = t->roots != NULL && t->prints != NULL && t->list != NULL ? pb_openpgp_new(&t->ring, err) : PB_ENOMEM;
	if (rc == PB_OK)
		rc = read_roots(t, roots, problems);
	if (rc == PB_OK) {
		*out = t;
		return PB_OK;
	}
	pb_trust_free(t);
	return pb_fail(err, rc, "out of memory");
}

void pb_trust_free(pb_trust *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->n; i++) {
		pb_verifier_free(t->roots[i].verifier);
		json_decref(t->prints[i]);
	}
	pb_openpgp_free(t->ring);
	json_decref(t->list);
	free(t->roots);
	free(t->prints);
	free(t);
}

json_t *pb_trust_list(const pb_trust *t)
{
	return json_deep_copy(t->list);
}

size_t pb_trust_count(const pb_trust *t)
{
	return t->n;
}

const pb_root *pb_trust_at(const pb_trust *t, size_t i)
{
	return &t->roots[i];
}

pb_openpgp *pb_trust_openpgp(const pb_trust *t)
{
	return t->ring;
}

const pb_root *pb_trust_of_fingerprint(const pb_trust *t, const char *fingerprint)
{
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; t->roots[i].method == PB_ROOT_OPENPGP && k < json_array_size(t->prints[i]); k++)
			if (strcmp(json_string_value(json_array_get(t->prints[i], k)), fingerprint) == 0)
				return &t->roots[i];
	return NULL;
}

bool pb_root_counts(const pb_root *root, int64_t as_of, char *why, size_t size)
{
	char date[11];

	if (root->twice != NULL)
		(void)snprintf(why, size, "its key is in two roles, of trust roots %s and %s", root->name, root->twice);
	else if (as_of < root->from) {
		pb_date_format(root->from, date);
		(void)snprintf(why, size, "trust root %s counts from %s only", root->name, date);
	} else if (as_of > root->until) {
		pb_date_format(root->until, date);
		(void)snprintf(why, size, "trust root %s counts until %s only", root->name, date);
	} else
		return true;
	return false;
}
