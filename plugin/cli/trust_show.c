/* `probity trust list` and `show`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/cli.h"
#include "cli/trust.h"
#include "evidence/trust.h"

static int open_roots(const pb_trust_options *o, pb_trust **out, pb_error *err)
{
	json_t *roots = NULL, *problems = json_array();
	int rc = pb_trust_roots(o->dirs, &roots, err);

	if (rc == PB_OK)
		rc = pb_trust_open(roots, out, problems, err);
	for (size_t i = 0; i < json_array_size(problems); i++)
		pb_warn("%s", pb_json_str(json_array_get(problems, i), "why", ""));
	json_decref(roots);
	json_decref(problems);
	return rc;
}

static int print_json(const json_t *value)
{
	char *text = value != NULL ? pb_json_canonical(value) : NULL;

	if (text == NULL)
		return PB_ENOMEM;
	puts(text);
	free(text);
	return PB_OK;
}

static int print_row(const json_t *row)
{
	char *scope = pb_json_joined(json_object_get(row, "scope"), " ");
	const char *from = pb_json_str(row, "from", ""), *until = pb_json_str(row, "until", "");

	if (scope == NULL)
		return PB_ENOMEM;
	printf("%s\n  role     %s\n  method   %s\n  key      %s\n", pb_json_str(row, "name", ""), pb_json_str(row, "role", ""),
	       pb_json_str(row, "method", ""), pb_json_str(row, "key", ""));
	if (*scope != '\0')
		printf("  scope    %s\n", scope);
	if (*from != '\0')
		printf("  from     %s\n", from);
	if (*until != '\0')
		printf("  until    %s\n", until);
	free(scope);
	return PB_OK;
}

static int print_pem(const pb_root *root, pb_error *err)
{
	pb_buf pem = {0};
	int rc;

	if (root->verifier == NULL)
		return pb_fail(err, PB_EINPUT, "%s has OpenPGP keys, which are not in PEM", root->name);
	rc = pb_verifier_pem(root->verifier, &pem);
	if (rc == PB_OK)
		fwrite(pem.data, 1, pem.size, stdout);
	pb_buf_free(&pem);
	return rc == PB_OK ? rc : pb_fail(err, rc, "out of memory");
}

static int finish(int rc, const pb_error *err)
{
	if (rc != PB_OK)
		pb_complain("%s", err->code != PB_OK ? err->text : "out of memory");
	return rc == PB_OK && fflush(stdout) == 0 ? 0 : PB_EXIT_ERROR;
}

int pb_trust_show_all(pb_trust_options *o)
{
	pb_trust *trust = NULL;
	pb_error err = {0};
	json_t *list = NULL;
	int rc;

	if (o->n != 0)
		return pb_usage_error("trust", "list: takes no word; `probity trust show NAME` shows one");
	rc = open_roots(o, &trust, &err);
	if (rc == PB_OK) {
		list = pb_trust_list(trust);
		rc = list == NULL ? PB_ENOMEM : o->json ? print_json(list) : PB_OK;
	}
	for (size_t i = 0; i < json_array_size(list) && rc == PB_OK && !o->json; i++)
		rc = print_row(json_array_get(list, i));
	if (rc == PB_OK && json_array_size(list) == 0 && !o->json)
		pb_note("nobody is trusted: `probity trust add FILE --role ROLE`");
	json_decref(list);
	pb_trust_free(trust);
	return finish(rc, &err);
}

int pb_trust_show(pb_trust_options *o)
{
	pb_trust *trust = NULL;
	pb_error err = {0};
	json_t *list = NULL;
	int rc;
	bool found = false;

	if (o->n != 1)
		return pb_usage_error("trust", "show: name one root");
	rc = open_roots(o, &trust, &err);
	list = rc == PB_OK ? pb_trust_list(trust) : NULL;
	for (size_t i = 0; i < json_array_size(list) && rc == PB_OK && !found; i++) {
		const json_t *row = json_array_get(list, i);

		found = strcmp(pb_json_str(row, "name", ""), o->words[0]) == 0;
		if (found)
			rc = o->pem ? print_pem(pb_trust_at(trust, i), &err) : o->json ? print_json(row) : print_row(row);
	}
	if (rc == PB_OK && !found)
		rc = pb_fail(&err, PB_EINPUT, "there is no trust root %s: `probity trust list` has their names", o->words[0]);
	json_decref(list);
	pb_trust_free(trust);
	return finish(rc, &err);
}
