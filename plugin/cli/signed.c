#include "cli/signed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "base/log.h"
#include "cli/pack.h"
#include "cli/trust.h"
#include "evidence/signatures.h"

/* Envelopes are not signed with OpenPGP; and a process that has used librnp cannot give it to those that it starts: they close its randomness. */
static void without_openpgp(json_t *roots)
{
	for (size_t i = json_array_size(roots); i-- > 0;)
		if (strcmp(pb_json_str(json_array_get(roots, i), "method", ""), "openpgp") == 0)
			(void)json_array_remove(roots, i);
}

int pb_signed_trust(const pb_dossier_options *o, pb_trust **out, pb_error *err)
{
	const char **named = calloc(o->n_trust + 1, sizeof *named);
	pb_trust_places places = {0};
	json_t *roots = NULL;
	int rc = !named ? pb_fail(err, PB_ENOMEM, "out of memory") : o->n_trust ? 0 : pb_trust_places_open(&places, err);

	for (size_t i = 0; i < o->n_trust && !rc; i++)
		named[i] = o->trust[i];
	rc = rc ? rc : pb_trust_roots(o->n_trust ? named : places.dirs, &roots, err);
	without_openpgp(roots);
	rc = rc ? rc : pb_trust_open(roots, out, NULL, err);
	json_decref(roots);
	pb_trust_places_close(&places);
	free(named);
	return rc;
}

int pb_signed_by_assessor(const pb_dossier_options *o, const pb_dsse *e, int64_t today, const char *key, char root[PB_ROOT_NAME], char key_out[PB_DSSE_KEYID],
                          pb_error *err)
{
	pb_trust *trust = NULL;
	json_t *rows = json_array(), *row;
	const char *why = "no trust root with the role assessor has signed it";
	bool good = false;
	size_t i;
	int rc = rows ? pb_signed_trust(o, &trust, err) : pb_fail(err, PB_ENOMEM, "out of memory");

	rc = rc ? rc : pb_signatures_dsse(trust, e, today, rows, err);
	json_array_foreach (rows, i, row) {
		bool assessor = strcmp(pb_json_str(row, "role", ""), "assessor") == 0 && *pb_json_str(row, "root", "");

		if (good)
			break;
		if (!assessor || !json_is_true(json_object_get(row, "verified"))) {
			why = assessor && *pb_json_str(row, "why", "") ? pb_json_str(row, "why", "") : why;
			continue;
		}
		good = !key || strcasecmp(pb_json_str(row, "key", ""), key) == 0;
		why = "it names another assessor than the one who signed it";
		snprintf(root, PB_ROOT_NAME, "%s", pb_json_str(row, "root", ""));
		if (key_out)
			snprintf(key_out, PB_DSSE_KEYID, "%s", pb_json_str(row, "key", ""));
	}
	if (!rc && !good)
		rc = pb_fail(err, PB_ECORRUPT, "%s", why);
	json_decref(rows);
	pb_trust_free(trust);
	return rc;
}

int pb_signed_file(const char *file, const char *type, pb_dsse *out, pb_error *err)
{
	pb_buf text = {0};
	pb_error why = {0};
	int rc = pb_fs_read(file, PB_SIGNED_MAX, &text, err);

	*out = (pb_dsse){0};
	if (!rc && (rc = pb_dsse_parse((pb_bytes){text.data, text.size}, out, &why)) != 0)
		rc = pb_fail(err, rc, "%s: %s", file, why.text);
	if (!rc && strcmp(out->type, type) != 0) {
		rc = pb_fail(err, PB_EINPUT, "%s: an envelope of something else: %s", file, out->type);
		pb_dsse_free(out);
		*out = (pb_dsse){0};
	}
	pb_buf_free(&text);
	return rc;
}

int pb_signed_write(const char *type, pb_bytes payload, const char *keyfile, const char *output, pb_error *err)
{
	pb_secret_key key;
	pb_buf out = {0};
	char id[PB_KEY_ID];
	int rc = pb_pack_secret(keyfile, &key, err);

	if (rc)
		return rc;
	rc = pb_dsse_sign(type, payload, &key, &out, err);
	if (!rc && output)
		rc = pb_fs_write(output, out.data, out.size, err);
	else if (!rc && (fwrite(out.data, 1, out.size, stdout) != out.size || fflush(stdout)))
		rc = pb_fail(err, PB_EIO, "standard output cannot be written");
	if (!rc && output)
		pb_note("%s: signed with key %s", output, pb_key_id_text(key.id, id));
	pb_secret_key_wipe(&key);
	pb_buf_free(&out);
	return rc;
}
