/* `probity pack sign`: what is in a pack, and who answers for it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/pack.h"

static int write_beside(const char *dir, const char *name, const pb_buf *text, pb_error *err)
{
	char *file = pb_fs_join(dir, name);
	int rc = file != NULL ? pb_fs_write(file, text->data, text->size, err) : pb_fail(err, PB_ENOMEM, "out of memory");

	free(file);
	return rc;
}

static int remove_beside(const char *dir, const char *name, pb_error *err)
{
	char *file = pb_fs_join(dir, name);

	if (file == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	(void)unlink(file);
	free(file);
	return PB_OK;
}

/* The list; without a key that is all, so that somebody else signs it, with minisign or where the key is. */
static int sign(const char *dir, const pb_secret_key *key, pb_error *err)
{
	pb_pack_files files = {0};
	pb_pack_ini ini;
	pb_buf sum = {0}, sig = {0};
	char comment[PB_PACK_NAME + PB_PACK_VERSION + 20];
	int rc = pb_pack_ini_read(dir, &ini, err);

	if (rc == PB_OK)
		rc = pb_pack_files_read(dir, false, &files, err);
	if (rc == PB_OK && pb_pack_files_text(&files, &sum) != PB_OK)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (rc == PB_OK && key != NULL) {
		(void)snprintf(comment, sizeof comment, "probity pack %s %s", ini.name, ini.version);
		rc = pb_sign((pb_bytes){sum.data, sum.size}, key, comment, &sig, err);
	}
	/* The old signature goes first: it is never beside a list that it is not of. */
	if (rc == PB_OK)
		rc = remove_beside(dir, PB_PACK_SIG, err);
	if (rc == PB_OK)
		rc = write_beside(dir, PB_PACK_SUM, &sum, err);
	if (rc == PB_OK && key != NULL)
		rc = write_beside(dir, PB_PACK_SIG, &sig, err);
	if (rc == PB_OK)
		printf("%s %s: %zu files, %llu bytes\n", ini.name, ini.version, files.n, (unsigned long long)files.bytes);
	pb_pack_files_free(&files);
	pb_buf_free(&sum);
	pb_buf_free(&sig);
	return rc;
}

int pb_pack_sign(pb_pack_options *o)
{
	pb_error err = {0};
	pb_secret_key key;
	char id[PB_KEY_ID];
	int rc = PB_OK;

	if (o->n != 1)
		return pb_usage_error("pack", "sign: name one folder");
	if (o->secret != NULL)
		rc = pb_pack_secret(o->secret, &key, &err);
	if (rc == PB_OK)
		rc = sign(o->words[0], o->secret != NULL ? &key : NULL, &err);
	if (rc == PB_OK && o->secret != NULL)
		printf("signed with key %s\n", pb_key_id_text(key.id, id));
	else if (rc == PB_OK)
		pb_note("listed only, not signed: -s KEYFILE signs, and so does minisign -S -m %s/" PB_PACK_SUM, o->words[0]);
	if (o->secret != NULL)
		pb_secret_key_wipe(&key);
	if (rc != PB_OK)
		pb_complain("%s", err.text);
	return rc == PB_OK && fflush(stdout) == 0 ? 0 : PB_EXIT_ERROR;
}
