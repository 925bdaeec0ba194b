/* `probity pack key`: keys to sign with, and keys to trust. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/pack.h"

enum { PASSWORD = 1024 };

/* One line, unseen where it is typed. */
static int ask(const char *prompt, char out[PASSWORD], pb_error *err)
{
	struct termios was, quiet;
	bool typed = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &was) == 0, got;

	if (typed) {
		fprintf(stderr, "%s: ", prompt);
		quiet = was;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	got = fgets(out, PASSWORD, stdin) != NULL;
	if (typed) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
		fputc('\n', stderr);
	}
	if (!got)
		return pb_fail(err, PB_EINPUT, "no password was given");
	out[strcspn(out, "\r\n")] = '\0';
	return PB_OK;
}

static int ask_new(char out[PASSWORD], pb_error *err)
{
	char again[PASSWORD];
	int rc = ask("Password of the new key", out, err);

	if (rc == PB_OK && isatty(STDIN_FILENO)) {
		rc = ask("Once more", again, err);
		if (rc == PB_OK && strcmp(out, again) != 0)
			rc = pb_fail(err, PB_EINPUT, "the two are not the same");
		explicit_bzero(again, sizeof again);
	}
	if (rc == PB_OK && *out == '\0')
		rc = pb_fail(err, PB_EINPUT, "an empty password protects nothing: -W makes a key without one");
	return rc;
}

static void wipe(pb_buf *b)
{
	if (b->data != NULL)
		explicit_bzero(b->data, b->size);
	pb_buf_free(b);
}

int pb_pack_secret(const char *file, pb_secret_key *out, pb_error *err)
{
	char password[PASSWORD] = "";
	pb_buf text = {0};
	pb_error why = {0};
	int rc = pb_fs_read(file, PB_KEY_FILE_MAX, &text, err);
	bool locked = rc == PB_OK && pb_secret_key_locked((pb_bytes){text.data, text.size});

	if (locked)
		rc = ask("Password", password, err);
	if (rc == PB_OK) {
		rc = pb_secret_key_parse((pb_bytes){text.data, text.size}, locked ? password : NULL, out, &why);
		if (rc != PB_OK)
			(void)pb_fail(err, rc, "%s: %s", file, why.text);
	}
	explicit_bzero(password, sizeof password);
	wipe(&text);
	return rc;
}

int pb_pack_public(const char *file, pb_public_key *out, pb_error *err)
{
	pb_buf text = {0};
	pb_error why = {0};
	int rc = pb_fs_read(file, PB_KEY_FILE_MAX, &text, err);

	if (rc == PB_OK) {
		rc = pb_public_key_parse((pb_bytes){text.data, text.size}, out, &why);
		if (rc != PB_OK)
			(void)pb_fail(err, rc, "%s: %s", file, why.text);
	}
	pb_buf_free(&text);
	return rc;
}

/* Never over another one. */
static int write_new(const char *file, mode_t mode, const pb_buf *text, pb_error *err)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	size_t done = 0;

	if (fd < 0)
		return pb_fail(err, PB_EIO, "%s: %s", file, strerror(errno));
	while (done < text->size) {
		ssize_t n = write(fd, text->data + done, text->size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (fsync(fd) != 0 || done < text->size) {
		(void)pb_fail(err, PB_EIO, "%s: %s", file, strerror(errno));
		close(fd);
		unlink(file);
		return PB_EIO;
	}
	close(fd);
	return PB_OK;
}

static int make(const char *secret_file, const char *public_file, bool open_key, pb_error *err)
{
	char password[PASSWORD] = "", base64[57], id[PB_KEY_ID];
	pb_secret_key secret;
	pb_public_key public;
	pb_buf text = {0}, shown = {0};
	int rc = access(public_file, F_OK) == 0 ? pb_fail(err, PB_EINPUT, "%s is there already", public_file) : PB_OK;

	if (rc == PB_OK && !open_key)
		rc = ask_new(password, err);
	if (rc == PB_OK)
		rc = pb_secret_key_new(&secret, err);
	if (rc == PB_OK) {
		pb_secret_key_public(&secret, &public);
		rc = pb_secret_key_text(&secret, open_key ? NULL : password, &text, err);
		pb_secret_key_wipe(&secret);
	}
	explicit_bzero(password, sizeof password);
	if (rc == PB_OK && pb_public_key_text(&public, &shown) != PB_OK)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (rc == PB_OK)
		rc = write_new(secret_file, 0600, &text, err);
	if (rc == PB_OK)
		rc = write_new(public_file, 0644, &shown, err);
	if (rc == PB_OK) {
		pb_public_key_base64(&public, base64);
		printf("key %s\n  secret: %s (keep it to yourself)\n  public: %s\n  as text: %s\n", pb_key_id_text(public.id, id), secret_file,
		       public_file, base64);
	}
	wipe(&text);
	pb_buf_free(&shown);
	return rc;
}

static int make_named(const pb_pack_options *o, pb_error *err)
{
	char *public_file = NULL;
	int rc;

	if (o->secret == NULL)
		return pb_usage_error("pack", "key new: -s names the file of the secret key"), PB_EINPUT;
	if (o->public_file == NULL && asprintf(&public_file, "%s.pub", o->secret) < 0)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	rc = make(o->secret, o->public_file != NULL ? o->public_file : public_file, o->open_key, err);
	free(public_file);
	return rc;
}

static void print_key(const pb_public_key *key, const char *file)
{
	char base64[57], id[PB_KEY_ID];

	pb_public_key_base64(key, base64);
	printf("%s  %s  %s\n", pb_key_id_text(key->id, id), base64, file);
}

static int show(const pb_pack_options *o, pb_error *err)
{
	pb_pack_keys keys = {0};
	pb_public_key key;
	int rc = PB_OK;

	if (o->n > 1) {
		rc = pb_pack_public(o->words[1], &key, err);
		if (rc == PB_OK)
			print_key(&key, o->words[1]);
		return rc;
	}
	rc = pb_pack_keys_read(o->places.of.keys, pb_pack_told, NULL, &keys, err);
	for (size_t i = 0; i < keys.n; i++)
		print_key(&keys.key[i], keys.file[i]);
	if (rc == PB_OK && keys.n == 0)
		pb_note("no key is trusted: put public keys (*.pub) into %s", o->places.keys[0]);
	pb_pack_keys_free(&keys);
	return rc;
}

int pb_pack_key(pb_pack_options *o)
{
	const char *what = o->n > 0 ? o->words[0] : "";
	pb_error err = {0};
	int rc;

	if (strcmp(what, "new") == 0 && o->n == 1)
		rc = make_named(o, &err);
	else if (strcmp(what, "show") == 0 && o->n <= 2)
		rc = show(o, &err);
	else
		return pb_usage_error("pack", "key: new -s FILE, or show [FILE]");
	if (rc != PB_OK && err.code != PB_OK)
		pb_complain("%s", err.text);
	return rc == PB_OK && fflush(stdout) == 0 ? 0 : PB_EXIT_ERROR;
}
