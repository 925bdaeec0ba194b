/* Which CA among the trust roots vouches for a certificate, and for whom it may. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "evidence/chain.h"

#define IDENTITY "identity:"
#define SUBJECT "subject:"
#define ISSUER "issuer:"

static const char *after(const char *word, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(word, prefix, n) == 0 ? word + n : NULL;
}

bool pb_chain_scope_has(const pb_root *root, const char *word)
{
	for (size_t i = 0; i < json_array_size(root->scope); i++)
		if (strcmp(json_string_value(json_array_get(root->scope, i)), word) == 0)
			return true;
	return false;
}

/* The glob of a word of its scope that is about identities, and which: NULL: it is about something else. */
static const char *identity_of(const pb_root *root, const char *word, const char **which)
{
	const char *glob = after(word, SUBJECT);

	*which = glob != NULL ? "subjects" : "names";
	if (glob == NULL)
		glob = after(word, IDENTITY);
	if (glob != NULL || after(word, ISSUER) != NULL)
		return glob;
	return strcmp(root->role, "builder") == 0 ? word : NULL;
}

json_t *pb_chain_scope(const pb_root *root)
{
	json_t *out = json_array();

	for (size_t i = 0; i < json_array_size(root->scope) && out != NULL; i++) {
		const char *word = json_string_value(json_array_get(root->scope, i)), *which;

		if (identity_of(root, word, &which) == NULL && after(word, ISSUER) == NULL && json_array_append_new(out, json_string(word)) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static const char *first_that_fits(const char *glob, const json_t *names)
{
	for (size_t i = 0; i < json_array_size(names); i++) {
		const char *name = json_string_value(json_array_get(names, i));

		if (strcmp(glob, "*") == 0 || pb_text_glob(glob, name))
			return name;
	}
	return NULL;
}

/* A CA of many: may this one of them speak for the root? *said is the name by which. */
static bool may(const pb_root *root, const json_t *identity, const char **said, char why[PB_CHAIN_WHY])
{
	const char *issuer = pb_json_str(identity, "issuer", "");
	bool asked = false, fits = false, asked_issuer = false, fits_issuer = false;

	for (size_t i = 0; i < json_array_size(root->scope); i++) {
		const char *word = json_string_value(json_array_get(root->scope, i)), *which, *glob = identity_of(root, word, &which),
		           *by = after(word, ISSUER);

		if (by != NULL) {
			asked_issuer = true;
			fits_issuer = fits_issuer || (*issuer != '\0' && pb_text_glob(by, issuer));
		} else if (glob != NULL && !fits) {
			const char *name = first_that_fits(glob, json_object_get(identity, which));

			asked = true;
			fits = name != NULL;
			*said = fits ? name : *said;
		}
	}
	if (strcmp(root->role, "builder") == 0 && !asked)
		(void)snprintf(why, PB_CHAIN_WHY, "trust root %s is a CA whose scope names nobody: of a builder it must", root->name);
	else if (asked && !fits)
		(void)snprintf(why, PB_CHAIN_WHY, "trust root %s does not speak for %.150s", root->name, *said);
	else if (asked_issuer && !fits_issuer)
		(void)snprintf(why, PB_CHAIN_WHY, "trust root %s does not take the word of issuer \"%.150s\"", root->name, issuer);
	else
		return true;
	return false;
}

const pb_root *pb_chain_root(const pb_trust *t, const pb_chain *c, int64_t at, char name[PB_CHAIN_NAME], char why[PB_CHAIN_WHY])
{
	json_t *identity = pb_chain_identity(c->leaf);
	const char *said = first_that_fits("*", json_object_get(identity, "names"));
	const pb_root *found = NULL;
	bool near = false;

	if (said == NULL)
		said = first_that_fits("*", json_object_get(identity, "subjects"));
	if (said == NULL)
		said = "nobody by name";
	name[0] = '\0';
	(void)snprintf(why, PB_CHAIN_WHY, "no trust root has this certificate");
	for (size_t i = 0; identity != NULL && i < pb_trust_count(t) && found == NULL; i++) {
		const pb_root *root = pb_trust_at(t, i);
		char told[PB_CHAIN_WHY] = "";

		if (root->method != PB_ROOT_X509 || !pb_verifier_ca(root->verifier) || pb_chain_scope_has(root, "rekor") ||
		    pb_chain_scope_has(root, "timestamp"))
			continue;
		if (!pb_chain_leads(c, pb_verifier_der(root->verifier), at, told)) {
			if (!near)
				(void)snprintf(why, PB_CHAIN_WHY, "no trust root has this certificate; trust root %s: %.200s", root->name, told);
			continue;
		}
		near = true;
		if (may(root, identity, &said, told))
			found = root;
		else
			(void)snprintf(why, PB_CHAIN_WHY, "%s", told);
	}
	(void)snprintf(name, PB_CHAIN_NAME, "%s", said);
	if (found != NULL)
		why[0] = '\0';
	json_decref(identity);
	return found;
}

bool pb_chain_stamps(const pb_trust *t, const pb_chain *c, int64_t at, int64_t as_of)
{
	char why[PB_CHAIN_WHY];

	for (size_t i = 0; i < pb_trust_count(t); i++) {
		const pb_root *root = pb_trust_at(t, i);

		if (root->method == PB_ROOT_X509 && pb_verifier_ca(root->verifier) && pb_chain_scope_has(root, "timestamp") &&
		    pb_root_counts(root, as_of, why, sizeof why) && pb_chain_leads(c, pb_verifier_der(root->verifier), at, why))
			return true;
	}
	return false;
}
