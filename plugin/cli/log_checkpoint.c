/* What a chain cannot show by itself, that it was not written anew or cut off, shows a line's digest that another keeps; signed, it shows it to third ones. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "cli/log.h"
#include "cli/signed.h"

enum { PAYLOAD_MAX = 4096 };

static const char schema[] = "probity-checkpoint/1";

int pb_checkpoint_write(const pb_checkpoint *c, const char *keyfile, const char *output, pb_error *err)
{
	json_t *value = json_pack("{s:s,s:I,s:s,s:s}", "schema", schema, "lines", (json_int_t)c->lines, "digest", c->digest, "as_of", c->as_of);
	char *text = value ? pb_json_canonical(value) : NULL;
	int rc = text ? pb_signed_write(PB_CHECKPOINT_TYPE, (pb_bytes){(const uint8_t *)text, strlen(text)}, keyfile, output, err)
	              : pb_fail(err, PB_ENOMEM, "out of memory");

	free(text);
	json_decref(value);
	return rc;
}

static int read_payload(const char *file, pb_bytes payload, pb_checkpoint *out, pb_error *err)
{
	json_t *value = pb_json_parse(payload, PAYLOAD_MAX, file, err);
	const char *digest = pb_json_str(value, "digest", ""), *as_of = pb_json_str(value, "as_of", "");
	int64_t day;
	int rc = value ? 0 : PB_EINPUT;

	if (!rc && (strcmp(pb_json_str(value, "schema", ""), schema) != 0 || json_object_size(value) != 4))
		rc = pb_fail(err, PB_EINPUT, "%s: not a checkpoint (%s)", file, schema);
	out->lines = pb_json_int(value, "lines", 0);
	if (!rc && (out->lines < 1 || strlen(digest) != 64 || strspn(digest, "0123456789abcdef") != 64 || !pb_date_parse(as_of, &day)))
		rc = pb_fail(err, PB_EINPUT, "%s: lines, digest and as_of are wanted: a number from 1 on, 64 of 0-9 and a-f, a day", file);
	if (!rc) {
		memcpy(out->digest, digest, sizeof out->digest);
		memcpy(out->as_of, as_of, sizeof out->as_of);
	}
	json_decref(value);
	return rc;
}

int pb_checkpoint_read(const char *file, const pb_dossier_options *trust, int64_t today, pb_checkpoint *out, char root[PB_ROOT_NAME], pb_error *err)
{
	pb_dsse e = {0};
	pb_error why = {0};
	int rc = pb_signed_file(file, PB_CHECKPOINT_TYPE, &e, err);

	rc = rc ? rc : read_payload(file, (pb_bytes){e.payload.data, e.payload.size}, out, err);
	if (!rc && (rc = pb_signed_by_assessor(trust, &e, today, NULL, root, NULL, &why)) != 0)
		rc = rc == PB_ECORRUPT ? pb_fail(err, rc, "%s: %s", file, why.text) : pb_fail(err, rc, "%s", why.text);
	pb_dsse_free(&e);
	return rc;
}
