#include "checks/pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"
#include "checks/rule_folder.h"

static void say(pb_pack *p, pb_pack_state state, const char *why)
{
	p->state = state;
	(void)snprintf(p->why, sizeof p->why, "%.399s", why);
}

/* The list itself: is it what one of the keys signed? Its text is not looked into before that. */
static int judge_signature(pb_pack *p, pb_bytes sum, pb_bytes sig, const pb_pack_keys *keys)
{
	pb_signature signature;
	pb_error why = {0};
	char words[300];
	int rc = pb_signature_parse(sig, &signature, &why);

	if (rc != PB_OK) {
		(void)snprintf(words, sizeof words, PB_PACK_SIG ": %.250s", why.text);
		say(p, PB_PACK_CHANGED, words);
		return PB_OK;
	}
	(void)pb_key_id_text(signature.id, p->key);
	(void)snprintf(words, sizeof words, "signed with key %s, which is not among the trusted ones", p->key);
	say(p, PB_PACK_STRANGER, words);
	for (size_t i = 0; i < keys->n; i++) {
		if (memcmp(keys->key[i].id, signature.id, sizeof signature.id) != 0)
			continue;
		rc = pb_verify(sum, &signature, &keys->key[i], &why);
		if (rc == PB_OK) {
			say(p, PB_PACK_TRUSTED, "");
			return PB_OK;
		}
		say(p, PB_PACK_CHANGED, why.text);
	}
	return rc == PB_EINTERNAL ? rc : PB_OK;
}

/* A missing file leaves out empty and is no error. */
static int read_beside(const char *dir, const char *name, size_t max, pb_buf *out, bool *there, pb_error *err)
{
	char *file = pb_fs_join(dir, name);
	int rc = PB_OK;

	*there = false;
	if (file == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	*there = access(file, F_OK) == 0;
	if (*there)
		rc = pb_fs_read(file, max, out, err);
	free(file);
	return rc;
}

static int judge(pb_pack *p, const pb_pack_files *files, const pb_pack_keys *keys, pb_error *err)
{
	pb_buf sum = {0}, sig = {0}, own = {0};
	bool has_sum = false, has_sig = false;
	pb_error why = {0};
	int rc = pb_pack_files_text(files, &own);

	if (rc == PB_OK && !pb_sha256_of((pb_bytes){own.data, own.size}, p->sum))
		rc = PB_ENOMEM;
	if (rc != PB_OK)
		rc = pb_fail(err, rc, "out of memory");
	if (rc == PB_OK)
		rc = read_beside(p->dir, PB_PACK_SUM, PB_PACK_SUM_BYTES, &sum, &has_sum, err);
	if (rc == PB_OK)
		rc = read_beside(p->dir, PB_PACK_SIG, PB_KEY_FILE_MAX, &sig, &has_sig, err);
	if (rc == PB_OK && !(has_sum && has_sig))
		say(p, PB_PACK_UNSIGNED, has_sig ? "it has a signature, but no " PB_PACK_SUM : "it is not signed");
	else if (rc == PB_OK)
		rc = judge_signature(p, (pb_bytes){sum.data, sum.size}, (pb_bytes){sig.data, sig.size}, keys);
	if (rc == PB_OK && has_sum && p->state != PB_PACK_CHANGED && p->state != PB_PACK_UNSIGNED) {
		rc = pb_pack_files_match(files, (pb_bytes){sum.data, sum.size}, &why);
		if (rc == PB_EINPUT) {
			say(p, PB_PACK_CHANGED, why.text);
			rc = PB_OK;
		}
	}
	pb_buf_free(&sum);
	pb_buf_free(&sig);
	pb_buf_free(&own);
	return rc == PB_OK || err == NULL || err->code != PB_OK ? rc : pb_fail(err, rc, "%s", why.text);
}

/* Could others put another folder in its place? */
static int check_guard(const char *dir, pb_error *err)
{
	pb_error why = {0};
	int rc = pb_rule_trust(dir, &why);

	return rc == PB_OK ? rc : pb_fail(err, rc, "%s: an installed pack lies where nobody else can write: %s", dir, why.text);
}

int pb_pack_open(const char *dir, bool guarded, const pb_pack_keys *keys, pb_pack *out, pb_error *err)
{
	pb_pack_files files = {0};
	int rc;

	memset(out, 0, sizeof *out);
	out->dir = strdup(dir);
	rc = out->dir != NULL ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");
	if (rc == PB_OK && guarded)
		rc = check_guard(dir, err);
	if (rc == PB_OK)
		rc = pb_pack_files_read(dir, guarded, &files, err);
	if (rc == PB_OK)
		rc = pb_pack_ini_read(dir, &out->ini, err);
	if (rc == PB_OK) {
		out->files = files.n;
		rc = judge(out, &files, keys, err);
	}
	pb_pack_files_free(&files);
	if (rc != PB_OK)
		pb_pack_close(out);
	return rc;
}

void pb_pack_close(pb_pack *p)
{
	free(p->dir);
	memset(p, 0, sizeof *p);
}
