/* Opinions go out signed, and come in only from those whom a trust root names an assessor: each once, none older than what is known, never our own. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/log.h"
#include "cli/opinion.h"
#include "cli/pack.h"
#include "cli/signed.h"

enum { ENVELOPE_MAX = 32 << 20 };

static int path_of(const pb_opinion_options *o, const char *name, const char *end, char **out, pb_error *err)
{
	return asprintf(out, "%s/%s%s", o->folder, name, end) < 0 ? pb_fail(err, PB_ENOMEM, "out of memory") : 0;
}

/* What this key says is ours: it must not come back as another's. */
static int note_own(const pb_opinion_options *o, const char *id, pb_error *err)
{
	char *file = NULL;
	int rc = path_of(o, id, ".own", &file, err);

	if (!rc && mkdir(o->folder, 0700) < 0 && errno != EEXIST)
		rc = pb_fail(err, PB_EIO, "%s: %s", o->folder, strerror(errno));
	rc = rc ? rc : pb_fs_write(file, "", 0, err);
	free(file);
	return rc;
}

int pb_opinion_export(const pb_opinion_options *o, pb_error *err)
{
	pb_secret_key key;
	char id[PB_KEY_ID], *text = NULL;
	json_t *report = NULL, *statement = NULL;
	pb_buf out = {0};
	int rc = pb_opinion_file(o->words[0], &report, err);

	if (!rc && (rc = pb_pack_secret(o->key, &key, err)) == 0) {
		statement = pb_opinion_of_report(report, pb_key_id_text(key.id, id), err);
		text = statement ? pb_json_canonical(statement) : NULL;
		rc = text ? note_own(o, id, err) : err->code ? err->code : PB_ENOMEM;
		rc = rc ? rc : pb_dsse_sign(PB_OPINION_TYPE, (pb_bytes){(const uint8_t *)text, strlen(text)}, &key, &out, err);
		pb_secret_key_wipe(&key);
	}
	if (!rc && o->output)
		rc = pb_fs_write(o->output, out.data, out.size, err);
	else if (!rc && (fwrite(out.data, 1, out.size, stdout) != out.size || fflush(stdout)))
		rc = pb_fail(err, PB_EIO, "standard output cannot be written");
	free(text);
	json_decref(statement);
	json_decref(report);
	pb_buf_free(&out);
	return rc;
}

/* Nothing of this assessor on this product is as new. */
static int look_for_replay(const pb_opinion_options *o, const json_t *s, pb_error *err)
{
	const char *assessor = pb_json_str(s, "assessor", ""), *digest = pb_json_str(s, "digest", ""), *day = pb_json_str(s, "as_of", "");
	char **names = NULL, *own = NULL, head[64 + 1 + 16 + 2];
	size_t n = 0;
	int64_t until;
	int rc = path_of(o, assessor, ".own", &own, err);

	snprintf(head, sizeof head, "%s.%s.", digest, assessor);
	if (!rc && access(own, F_OK) == 0)
		rc = pb_fail(err, PB_EINPUT, "it is your own: key %s made opinions here", assessor);
	free(own);
	if (!rc && access(o->folder, F_OK) == 0)
		rc = pb_fs_names(o->folder, ".json", &names, &n, err);
	for (size_t i = 0; i < n && !rc; i++)
		if (strncmp(names[i], head, strlen(head)) == 0 && strncmp(names[i] + strlen(head), day, 10) >= 0)
			rc = pb_fail(err, PB_EINPUT, "a replay: an opinion of %s on this product, of %.10s, is known", assessor, names[i] + strlen(head));
	if (!rc && pb_date_parse(pb_json_str(s, "valid_until", ""), &until) && until < o->as_of)
		rc = pb_fail(err, PB_EINPUT, "it has expired: it was valid until %s", pb_json_str(s, "valid_until", ""));
	pb_fs_names_free(names, n);
	return rc;
}

static int keep(const pb_opinion_options *o, json_t *s, const char *root, pb_error *err)
{
	json_t *kept = json_pack("{s:s,s:s,s:o,s:O}", "schema", "probity-opinion-kept/1", "root", root, "weight", pb_opinion_json(&o->weight), "statement", s);
	char *text = kept ? pb_json_canonical(kept) : NULL, *name = NULL, *file = NULL;
	int rc = text && asprintf(&name, "%s.%s.%s", pb_json_str(s, "digest", ""), pb_json_str(s, "assessor", ""), pb_json_str(s, "as_of", "")) >= 0 ? 0 : PB_ENOMEM;

	if (!rc && mkdir(o->folder, 0700) < 0 && errno != EEXIST)
		rc = pb_fail(err, PB_EIO, "%s: %s", o->folder, strerror(errno));
	rc = rc ? rc : path_of(o, name, ".json", &file, err);
	rc = rc ? rc : pb_fs_write(file, text, strlen(text), err);
	if (!rc)
		pb_note("kept %s", file);
	free(text);
	free(name);
	free(file);
	json_decref(kept);
	return rc;
}

int pb_opinion_import(const pb_opinion_options *o, pb_error *err)
{
	pb_dsse e = {0};
	json_t *s = NULL;
	char root[PB_ROOT_NAME] = "";
	int rc = pb_signed_file(o->words[0], PB_OPINION_TYPE, &e, err);

	if (!rc) {
		s = pb_json_parse((pb_bytes){e.payload.data, e.payload.size}, ENVELOPE_MAX, o->words[0], err);
		rc = s ? pb_opinion_check(s, err) : PB_EINPUT;
	}
	rc = rc ? rc : pb_signed_by_assessor(&o->trust, &e, o->as_of, pb_json_str(s, "assessor", ""), root, NULL, err);
	rc = rc ? rc : look_for_replay(o, s, err);
	rc = rc ? rc : keep(o, s, root, err);
	json_decref(s);
	pb_dsse_free(&e);
	return rc;
}
