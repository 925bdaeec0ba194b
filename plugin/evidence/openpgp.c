#include "evidence/openpgp.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rnp/rnp.h>
#include <rnp/rnp_err.h>

#include "base/date.h"

enum { DAY = 86400, KEY_TEXT_MAX = 64 << 20, CLEAR_MAX = 64 << 20, DESCRIPTORS = 1024 /* that are looked at */ };

struct pb_openpgp {
	pb_buf texts;  /* of all keys, one behind the other */
	size_t *ends;  /* of each text in it */
	size_t n;
	rnp_ffi_t ffi; /* with the keys, as of `day`; NULL: none yet. It keeps to one time from its first key on */
	int64_t day;
};

static const char *const weak[] = {"MD5", "SHA1", "RIPEMD160"};

/* librnp writes what it thinks of hostile bytes to stderr, and has no switch for it: while it works, stderr is a stream that keeps
 * nothing. Not for several threads at once, as the rest of it. */
static ssize_t drop(void *cookie, const char *data, size_t n)
{
	(void)cookie;
	(void)data;
	return (ssize_t)n;
}

static FILE *hush(void)
{
	static FILE *nowhere;
	FILE *before = stderr;

	if (nowhere == NULL)
		nowhere = fopencookie(NULL, "w", (cookie_io_functions_t){.write = drop});
	if (nowhere != NULL)
		stderr = nowhere;
	return before;
}

static int failed(rnp_result_t r, int otherwise, pb_error *err, const char *what)
{
	if (r == RNP_ERROR_OUT_OF_MEMORY)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	return pb_fail(err, otherwise, "%s", what);
}

static uint64_t end_of_day(int64_t day)
{
	/* Zero would be the system's clock. */
	return day < 0 ? 1 : day > UINT32_MAX / DAY ? UINT32_MAX : (uint64_t)day * DAY + DAY - 1;
}

/* A new, empty keyring as of that day. */
static int open_ring(int64_t day, rnp_ffi_t *out, pb_error *err)
{
	rnp_result_t r = rnp_ffi_create(out, "GPG", "GPG");

	*out = r == RNP_SUCCESS ? *out : NULL;
	if (r != RNP_SUCCESS)
		return failed(r, PB_EINTERNAL, err, "librnp cannot be used on this system");
	r = rnp_set_timestamp(*out, end_of_day(day));
	for (size_t i = 0; i < sizeof weak / sizeof *weak && r == RNP_SUCCESS; i++)
		r = rnp_add_security_rule(*out, RNP_FEATURE_HASH_ALG, weak[i], RNP_SECURITY_OVERRIDE | RNP_SECURITY_VERIFY_DATA, 0,
		                          RNP_SECURITY_INSECURE);
	if (r == RNP_SUCCESS)
		return PB_OK;
	rnp_ffi_destroy(*out);
	*out = NULL;
	return failed(r, PB_EINTERNAL, err, "librnp takes no time of ours");
}

static int import(rnp_ffi_t ffi, pb_bytes text, pb_error *err)
{
	rnp_input_t in = NULL;
	rnp_result_t r = rnp_input_from_memory(&in, text.data, text.size, false);
	FILE *before = hush();

	/* Permissive: one broken signature of somebody's on a key does not hide the key. */
	if (r == RNP_SUCCESS)
		r = rnp_import_keys(ffi, in, RNP_LOAD_SAVE_PUBLIC_KEYS | RNP_LOAD_SAVE_PERMISSIVE, NULL);
	rnp_input_destroy(in);
	stderr = before;
	return r == RNP_SUCCESS ? PB_OK : failed(r, PB_EINPUT, err, "not a public key of OpenPGP's, or a broken one");
}

int pb_openpgp_new(pb_openpgp **out, pb_error *err)
{
	*out = calloc(1, sizeof **out);
	return *out != NULL ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");
}

void pb_openpgp_free(pb_openpgp *p)
{
	if (p == NULL)
		return;
	if (p->ffi != NULL)
		rnp_ffi_destroy(p->ffi);
	pb_buf_free(&p->texts);
	free(p->ends);
	free(p);
}

/* Appends one key's fingerprint where it belongs. */
static int add_print(rnp_ffi_t ffi, const char *print, json_t *prints, json_t *subkeys)
{
	rnp_key_handle_t key = NULL;
	bool primary = false, found = rnp_locate_key(ffi, "fingerprint", print, &key) == RNP_SUCCESS && key != NULL;
	json_t *to;

	if (found && rnp_key_is_primary(key, &primary) != RNP_SUCCESS)
		found = false;
	rnp_key_handle_destroy(key);
	if (!found)
		return PB_EINPUT;
	to = primary ? prints : subkeys;
	return to == NULL || json_array_append_new(to, json_string(print)) == 0 ? PB_OK : PB_ENOMEM;
}

static int list(rnp_ffi_t ffi, json_t *prints, json_t *subkeys, pb_error *err)
{
	rnp_identifier_iterator_t each = NULL;
	const char *print = NULL;
	rnp_result_t r = rnp_identifier_iterator_create(ffi, &each, "fingerprint");
	size_t before = json_array_size(prints);
	FILE *loud = hush();
	int rc = PB_OK;

	while (r == RNP_SUCCESS && rc == PB_OK && (r = rnp_identifier_iterator_next(each, &print)) == RNP_SUCCESS && print != NULL)
		rc = add_print(ffi, print, prints, subkeys);
	rnp_identifier_iterator_destroy(each);
	stderr = loud;
	if (rc != PB_OK)
		return pb_fail(err, rc, rc == PB_ENOMEM ? "out of memory" : "a key of OpenPGP's without a fingerprint");
	if (json_array_size(prints) == before)
		return pb_fail(err, PB_EINPUT, "no public key of OpenPGP's in it");
	if (json_array_size(prints) - before > PB_OPENPGP_KEYS)
		return pb_fail(err, PB_EINPUT, "more than %d keys in one file", PB_OPENPGP_KEYS);
	return PB_OK;
}

static int keep(pb_openpgp *p, pb_bytes text, pb_error *err)
{
	size_t *ends;

	if (text.size > KEY_TEXT_MAX - p->texts.size)
		return pb_fail(err, PB_ELIMIT, "more than %d MiB of keys", KEY_TEXT_MAX >> 20);
	ends = realloc(p->ends, (p->n + 1) * sizeof *ends);
	if (ends == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	p->ends = ends;
	if (pb_buf_add(&p->texts, text.data, text.size) != 0)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	p->ends[p->n++] = p->texts.size;
	if (p->ffi != NULL)
		rnp_ffi_destroy(p->ffi);
	p->ffi = NULL;
	return PB_OK;
}

int pb_openpgp_add(pb_openpgp *p, pb_bytes text, json_t *prints, json_t *subkeys, pb_error *err)
{
	rnp_ffi_t ffi = NULL;
	int rc;

	if (!pb_openpgp_is_key(text))
		return pb_fail(err, PB_EINPUT, "not a public key of OpenPGP's");
	rc = open_ring(0, &ffi, err);
	if (rc == PB_OK)
		rc = import(ffi, text, err);
	if (rc == PB_OK)
		rc = list(ffi, prints, subkeys, err);
	if (rc == PB_OK)
		rc = keep(p, text, err);
	if (ffi != NULL)
		rnp_ffi_destroy(ffi);
	return rc;
}

/* All keys, as of that day. */
static int ring_of(pb_openpgp *p, int64_t day, pb_error *err)
{
	int rc;

	if (p->ffi != NULL && p->day == day)
		return PB_OK;
	if (p->ffi != NULL)
		rnp_ffi_destroy(p->ffi);
	p->ffi = NULL;
	p->day = day;
	rc = open_ring(day, &p->ffi, err);
	for (size_t i = 0; i < p->n && rc == PB_OK; i++) {
		size_t from = i > 0 ? p->ends[i - 1] : 0;

		rc = import(p->ffi, (pb_bytes){p->texts.data + from, p->ends[i] - from}, err);
	}
	if (rc != PB_OK && p->ffi != NULL) {
		rnp_ffi_destroy(p->ffi);
		p->ffi = NULL;
	}
	return rc;
}

/* A text of librnp's, copied and freed. */
static bool taken(rnp_result_t r, char **text, char *out, size_t size)
{
	bool fits = r == RNP_SUCCESS && *text != NULL && strlen(*text) < size;

	if (fits)
		memcpy(out, *text, strlen(*text) + 1);
	rnp_buffer_destroy(*text);
	*text = NULL;
	return fits;
}

/* Is the key that made it still one to be relied on, on that day? */
static void judge_key(rnp_key_handle_t key, int64_t as_of, pb_openpgp_signature *out)
{
	FILE *before = hush();
	uint64_t till = 0;
	bool revoked = true, gone = rnp_key_is_revoked(key, &revoked) != RNP_SUCCESS || revoked,
	     never = rnp_key_valid_till64(key, &till) != RNP_SUCCESS || till == 0;
	char date[11];

	stderr = before;
	if (gone) {
		out->expired = true;
		(void)snprintf(out->why, sizeof out->why, "its key was revoked");
	} else if (never) {
		out->expired = true;
		(void)snprintf(out->why, sizeof out->why, "its key was never valid");
	} else if (till != UINT64_MAX && till < end_of_day(as_of)) {
		out->expired = true;
		pb_date_format((int64_t)(till / DAY), date);
		(void)snprintf(out->why, sizeof out->why, "its key was valid until %s", date);
	}
}

/* A signature that is not right: is it the bytes, or could it not be looked at for the key's sake? */
static const char *not_held(rnp_key_handle_t key, int64_t as_of)
{
	FILE *before = hush();
	uint32_t made = 0;
	bool valid = true, asked = rnp_key_is_valid(key, &valid) == RNP_SUCCESS && rnp_key_get_creation(key, &made) == RNP_SUCCESS;

	stderr = before;
	if (asked && made > end_of_day(as_of))
		return "its key was made after the day of judging";
	return asked && !valid ? "its key is not valid on the day of judging" : "the signature does not hold for these bytes";
}

static void judge_times(rnp_op_verify_signature_t s, int64_t as_of, pb_openpgp_signature *out)
{
	uint32_t made = 0, lasts = 0;
	char date[11];

	(void)rnp_op_verify_signature_get_times(s, &made, &lasts);
	out->made = made / DAY;
	if (out->made > as_of) {
		pb_date_format(out->made, date);
		out->expired = out->holds; /* not yet valid, whatever librnp calls that */
		(void)snprintf(out->why, sizeof out->why, "it says that it was made on %s, after the day of judging", date);
	} else if (out->expired) {
		pb_date_format(((int64_t)made + lasts) / DAY, date);
		(void)snprintf(out->why, sizeof out->why, "it expired on %s", date);
	}
}

/* Whose key: its primary fingerprint, or the id that the signature names. */
static rnp_key_handle_t signer(rnp_op_verify_signature_t s, pb_openpgp_signature *out)
{
	rnp_key_handle_t key = NULL;
	rnp_signature_handle_t handle = NULL;
	char *text = NULL;
	bool sub = false;

	if (rnp_op_verify_signature_get_key(s, &key) == RNP_SUCCESS && key != NULL) {
		rnp_result_t r = rnp_key_is_sub(key, &sub);

		if (r == RNP_SUCCESS)
			r = sub ? rnp_key_get_primary_fprint(key, &text) : rnp_key_get_fprint(key, &text);
		out->known = taken(r, &text, out->key, sizeof out->key);
	}
	if (!out->known && rnp_op_verify_signature_get_handle(s, &handle) == RNP_SUCCESS) {
		if (!taken(rnp_signature_get_key_fprint(handle, &text), &text, out->key, sizeof out->key))
			(void)taken(rnp_signature_get_keyid(handle, &text), &text, out->key, sizeof out->key);
		rnp_signature_handle_destroy(handle);
	}
	return key;
}

static void read_one(rnp_op_verify_signature_t s, int64_t as_of, pb_openpgp_signature *out)
{
	rnp_result_t status = rnp_op_verify_signature_get_status(s);
	char hash[32] = "", *text = NULL;
	rnp_key_handle_t key;
	bool bad = false;

	memset(out, 0, sizeof *out);
	key = signer(s, out);
	(void)taken(rnp_op_verify_signature_get_hash(s, &text), &text, hash, sizeof hash);
	for (size_t i = 0; i < sizeof weak / sizeof *weak; i++)
		bad = bad || strcmp(hash, weak[i]) == 0;
	out->holds = (status == RNP_SUCCESS || status == RNP_ERROR_SIGNATURE_EXPIRED) && out->known && !bad;
	out->expired = out->holds && status == RNP_ERROR_SIGNATURE_EXPIRED;
	judge_times(s, as_of, out);
	if (out->holds && !out->expired)
		judge_key(key, as_of, out);
	else if (!out->known)
		(void)snprintf(out->why, sizeof out->why, "no trust root has this key");
	else if (bad)
		(void)snprintf(out->why, sizeof out->why, "made with %s, which can be forged", hash);
	else if (!out->holds)
		(void)snprintf(out->why, sizeof out->why, "%s", not_held(key, as_of));
	rnp_key_handle_destroy(key);
}

/* What a verification finds. That none holds is no error of ours. */
static int results(rnp_op_verify_t op, int64_t as_of, pb_openpgp_signature *out, size_t *n, pb_error *err)
{
	size_t count = 0;
	rnp_op_verify_signature_t s = NULL;
	FILE *before = hush();
	rnp_result_t ran = rnp_op_verify_execute(op);

	stderr = before;
	if (ran == RNP_ERROR_OUT_OF_MEMORY)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	if (rnp_op_verify_get_signature_count(op, &count) != RNP_SUCCESS || count == 0)
		return pb_fail(err, PB_EINPUT, "no signature of OpenPGP's can be read in it");
	if (count > PB_OPENPGP_SIGNATURES)
		return pb_fail(err, PB_ELIMIT, "more than %d signatures in one file", PB_OPENPGP_SIGNATURES);
	for (size_t i = 0; i < count; i++) {
		if (rnp_op_verify_get_signature_at(op, i, &s) != RNP_SUCCESS)
			return pb_fail(err, PB_EINPUT, "a signature of OpenPGP's that cannot be read");
		read_one(s, as_of, &out[(*n)++]);
	}
	return PB_OK;
}

int pb_openpgp_detached(pb_openpgp *p, pb_bytes message, pb_bytes signature, int64_t as_of, pb_openpgp_signature *out, size_t *n,
                        pb_error *err)
{
	rnp_input_t in = NULL, sig = NULL;
	rnp_op_verify_t op = NULL;
	rnp_result_t r;
	int rc;

	*n = 0;
	if (!pb_openpgp_is_signature(signature))
		return pb_fail(err, PB_EINPUT, "not a detached signature of OpenPGP's");
	if (message.size == 0)
		return pb_fail(err, PB_EINPUT, "a signature of an empty file");
	rc = ring_of(p, as_of, err);
	if (rc != PB_OK)
		return rc;
	r = rnp_input_from_memory(&in, message.data, message.size, false);
	if (r == RNP_SUCCESS)
		r = rnp_input_from_memory(&sig, signature.data, signature.size, false);
	if (r == RNP_SUCCESS)
		r = rnp_op_verify_detached_create(&op, p->ffi, in, sig);
	rc = r != RNP_SUCCESS ? failed(r, PB_EINPUT, err, "not a detached signature of OpenPGP's") :
	                        results(op, as_of, out, n, err);
	rnp_op_verify_destroy(op);
	rnp_input_destroy(sig);
	rnp_input_destroy(in);
	return rc;
}

/* Are they the same lines, but for blanks at their ends, which no signature covers? */
static bool same_lines(pb_bytes ours, pb_bytes theirs)
{
	size_t a = 0, b = 0;

	while (a < ours.size) {
		const uint8_t *end = memchr(ours.data + a, '\n', ours.size - a);
		size_t n = end != NULL ? (size_t)(end - (ours.data + a)) : ours.size - a;

		if (n > theirs.size - b || memcmp(ours.data + a, theirs.data + b, n) != 0)
			return false;
		a += n + (end != NULL);
		b += n;
		while (b < theirs.size && (theirs.data[b] == ' ' || theirs.data[b] == '\t' || theirs.data[b] == '\r'))
			b++;
		if (b < theirs.size && theirs.data[b++] != '\n')
			return false;
	}
	return b == theirs.size;
}

static int run_clear(pb_openpgp *p, pb_bytes document, pb_bytes ours, int64_t as_of, pb_openpgp_signature *out, size_t *n, pb_error *err)
{
	rnp_input_t in = NULL;
	rnp_output_t text = NULL;
	rnp_op_verify_t op = NULL;
	uint8_t *data = NULL;
	size_t size = 0;
	rnp_result_t r = rnp_input_from_memory(&in, document.data, document.size, false);
	int rc;

	if (r == RNP_SUCCESS)
		r = rnp_output_to_memory(&text, CLEAR_MAX);
	if (r == RNP_SUCCESS)
		r = rnp_op_verify_create(&op, p->ffi, in, text);
	rc = r != RNP_SUCCESS ? failed(r, PB_EINPUT, err, "not a clear-signed document") :
	                        results(op, as_of, out, n, err);
	/* Two who read one text must have read the same, or who signed it signed another. */
	for (size_t i = 0; rc == PB_OK && i < *n; i++)
		if (out[i].holds && (rnp_output_memory_get_buf(text, &data, &size, false) != RNP_SUCCESS || !same_lines(ours, (pb_bytes){data, size}))) {
			out[i].holds = false;
			(void)snprintf(out[i].why, sizeof out[i].why, "what was signed is not what can be read here");
		}
	rnp_op_verify_destroy(op);
	rnp_output_destroy(text);
	rnp_input_destroy(in);
	return rc;
}

int pb_openpgp_clear(pb_openpgp *p, pb_bytes document, int64_t as_of, pb_openpgp_signature *out, size_t *n, pb_buf *text, pb_error *err)
{
	pb_buf ours = {.max = CLEAR_MAX};
	int rc = PB_OK;

	*n = 0;
	if (document.size > CLEAR_MAX)
		return pb_fail(err, PB_ELIMIT, "a clear-signed document of more than %d MiB", CLEAR_MAX >> 20);
	if (!pb_openpgp_cleartext(document, &ours))
		rc = pb_fail(err, PB_EINPUT, "a clear-signed document with something outside of what is signed, or cut short");
	if (rc == PB_OK)
		rc = ring_of(p, as_of, err);
	if (rc == PB_OK)
		rc = run_clear(p, document, (pb_bytes){ours.data, ours.size}, as_of, out, n, err);
	if (rc == PB_OK && text != NULL && pb_buf_add(text, ours.data, ours.size) != 0)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	pb_buf_free(&ours);
	return rc;
}

/* The descriptor of /dev/urandom that Botan holds: libcrypto may have one as well, but opens it for reading only. -1: none. */
static int random_held(void)
{
	struct stat urandom, st;

	if (stat("/dev/urandom", &urandom) != 0)
		return -1;
	for (int fd = 3; fd < DESCRIPTORS; fd++)
		if (fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == urandom.st_rdev && (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR)
			return fd;
	return -1;
}

int pb_openpgp_warm(void)
{
	static int held = -1;
	rnp_ffi_t ffi = NULL;
	int readable;

	stderr = hush(); /* its stream is there from now on */
	if (open_ring(0, &ffi, NULL) == PB_OK)
		rnp_ffi_destroy(ffi);
	if (held >= 0)
		return held;
	held = random_held();
	readable = held >= 0 ? open("/dev/urandom", O_RDONLY | O_NOCTTY | O_CLOEXEC) : -1;
	if (readable >= 0) {
		(void)dup3(readable, held, O_CLOEXEC);
		close(readable);
	}
	return held;
}
