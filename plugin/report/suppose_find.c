/* From CHECK or CHECK/KEY, as people type it, to findings; what is not there is told with what is. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "report/suppose.h"

enum { KEYS_TOLD = 5, PREFIX_LEAST = 6 };

static bool is_check(const pb_check_outcome *c, const char *name, size_t n)
{
	return (strlen(c->id) == n && memcmp(c->id, name, n) == 0) ||
	       (strlen(c->catalogue) == n && memcmp(c->catalogue, name, n) == 0);
}

static int no_check(const pb_product_result *r, const char *word, const char *name, pb_error *err)
{
	const char **ids = calloc(r->n_checks + 1, sizeof(const char *));
	const char *near;
	size_t n = 0;

	if (ids == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	for (size_t i = 0; i < r->n_checks; i++)
		if (r->checks[i].status == PB_FAIL)
			ids[n++] = r->checks[i].id;
	near = pb_text_nearest(name, ids, n);
	free(ids);
	return pb_fail(err, PB_EINPUT,
	               near != NULL ? "%s=%s: the report has no such check; did you mean %s?"
	                            : "%s=%s: the report has no such check",
	               word, name, near);
}

/* Which of the check's keys there are, for whoever mistyped one. */
static int no_key(const pb_product_result *r, const char *word, size_t check, const char *key, pb_error *err)
{
	const char **keys = calloc(r->n_findings + 1, sizeof(const char *));
	const char *near;
	size_t n = 0;
	pb_buf some = {0};
	int rc = keys != NULL ? PB_OK : PB_ENOMEM;

	for (size_t i = 0; rc == PB_OK && i < r->n_findings; i++)
		if (r->findings[i].check == check)
			keys[n++] = r->findings[i].key;
	near = rc == PB_OK ? pb_text_nearest(key, keys, n) : NULL;
	for (size_t i = 0; rc == PB_OK && near == NULL && i < n && i < KEYS_TOLD; i++)
		rc = pb_buf_printf(&some, "%s%s", i > 0 ? ", " : "", keys[i]);
	if (rc != PB_OK)
		rc = pb_fail(err, rc, "out of memory");
	else if (near != NULL)
		rc = pb_fail(err, PB_EINPUT, "%s=%s/%s: no finding has this key; did you mean %s?", word,
		             r->checks[check].id, key, near);
	else
		rc = pb_fail(err, PB_EINPUT, "%s=%s/%s: no finding has this key; there %s %s%s", word,
		             r->checks[check].id, key, n == 1 ? "is" : "are", (const char *)some.data,
		             n > KEYS_TOLD ? ", ..." : "");
	pb_buf_free(&some);
	free(keys);
	return rc;
}

/* The key itself; else the one that it is the beginning of, where that is long enough and only one. */
static const char *key_of(const pb_product_result *r, size_t check, const char *text)
{
	const char *begins = NULL;
	bool several = false;

	for (size_t i = 0; i < r->n_findings; i++) {
		const char *key = r->findings[i].key;

		if (r->findings[i].check != check)
			continue;
		if (strcmp(key, text) == 0)
			return key;
		if (strlen(text) < PREFIX_LEAST || strncmp(key, text, strlen(text)) != 0)
			continue;
		several |= begins != NULL && strcmp(begins, key) != 0;
		begins = key;
	}
	return several ? NULL : begins;
}

int pb_suppose_findings(const pb_product_result *r, const char *value, const char *word, bool *hits, size_t *check,
                        const char **key, pb_error *err)
{
	size_t n = strcspn(value, "/"), others = 0;
	const char *after = value[n] == '/' ? value + n + 1 : NULL;
	char *name = strndup(value, n);
	int rc = PB_OK;

	if (name == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	*check = r->n_checks;
	for (size_t i = 0; i < r->n_checks; i++)
		if (is_check(&r->checks[i], name, n)) {
			others += *check < r->n_checks;
			*check = *check == r->n_checks || r->checks[i].status == PB_FAIL ? i : *check;
		}
	if (*check == r->n_checks)
		rc = no_check(r, word, name, err);
	else if (others > 0)
		rc = pb_fail(err, PB_EINPUT, "%s=%s: several checks serve this row; name one by its id, such as %s",
		             word, name, r->checks[*check].id);
	else if (r->checks[*check].status != PB_FAIL)
		rc = pb_fail(err, PB_EINPUT, "%s=%s: the check found nothing (%s)", word, name,
		             pb_status_name(r->checks[*check].status));
	free(name);
	*key = rc == PB_OK && after != NULL ? key_of(r, *check, after) : NULL;
	if (rc == PB_OK && after != NULL && *key == NULL)
		rc = no_key(r, word, *check, after, err);
	for (size_t i = 0; rc == PB_OK && i < r->n_findings; i++)
		hits[i] = r->findings[i].check == *check && (*key == NULL || strcmp(r->findings[i].key, *key) == 0);
	return rc;
}
