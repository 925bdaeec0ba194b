/* The signatures in a .jar that is the product itself (JAR File Specification, "Signed JAR File"): NAME.RSA, .DSA or .EC in META-INF is a PKCS #7
 * signature over NAME.SF, which has the digest of the manifest, which has the digest of each file. A signature counts for the product where all of that
 * fits, and no file is there that it says nothing of. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "base/hash.h"
#include "evidence/package_inside.h"
#include "evidence/signatures_inside.h"
#include "object/archive_reader.h"

enum { SIGNERS = 8, STEM = 64, TEXT_MAX = 16 << 20, FILE_MAX = 64 << 20, FILES_MAX = 200000, DIGEST = 64, VALUE_MAX = 4096 };

typedef struct signer {
	char stem[STEM];
	pb_buf sf, block;
} signer;

typedef struct jar {
	signer of[SIGNERS];
	size_t n;
	pb_buf manifest;
	json_t *files;   /* {name: [digest in hex]} of what must be listed; names are raw bytes */
	const char *odd; /* why nothing that is signed counts for the whole of it; NULL: nothing */
} jar;

typedef struct algorithm {
	const char *digest, *field, *manifest; /* for pb_hash_raw; in the manifest; of it, in NAME.SF */
} algorithm;

static const algorithm algorithms[] = {{"sha256", "SHA-256-Digest", "SHA-256-Digest-Manifest"},
                                       {"sha384", "SHA-384-Digest", "SHA-384-Digest-Manifest"},
                                       {"sha512", "SHA-512-Digest", "SHA-512-Digest-Manifest"}};
enum { ALGORITHMS = sizeof algorithms / sizeof *algorithms };

/* ---- its files ---- */

/* Adds the member that the reader stands at. 0; PB_ELIMIT: larger than out may be; PB_ECORRUPT; PB_ENOMEM. */
static int content(pb_reader *r, pb_buf *out)
{
	pb_bytes block;
	uint64_t at;
	int rc = PB_OK, step = PB_READ_MORE;

	while (rc == PB_OK && (step = pb_reader_data(r, &block, &at)) == PB_READ_MORE)
		rc = at == out->size ? pb_buf_add(out, block.data, block.size) : PB_ECORRUPT;
	return rc != PB_OK ? rc : step == PB_READ_END ? PB_OK : PB_ECORRUPT;
}

/* "META-INF/NAME.ENDING": what stands behind the slash; NULL: it is none, or lies deeper. Java reads these names in any case. */
static const char *in_meta(const char *name)
{
	return strncasecmp(name, "META-INF/", 9) == 0 && strchr(name + 9, '/') == NULL ? name + 9 : NULL;
}

static bool is_block(const char *ending)
{
	return strcasecmp(ending, ".RSA") == 0 || strcasecmp(ending, ".DSA") == 0 || strcasecmp(ending, ".EC") == 0;
}

/* Files that make up the signatures are not listed by them. */
static bool is_of_signatures(const char *name)
{
	const char *base = in_meta(name), *ending = base != NULL ? strrchr(base, '.') : NULL;

	if (base == NULL)
		return false;
	return strcasecmp(base, "MANIFEST.MF") == 0 || strncasecmp(base, "SIG-", 4) == 0 ||
	       (ending != NULL && (strcasecmp(ending, ".SF") == 0 || is_block(ending)));
}

static signer *signer_of(jar *a, const char *base, size_t n)
{
	for (size_t i = 0; i < a->n; i++)
		if (strlen(a->of[i].stem) == n && strncasecmp(a->of[i].stem, base, n) == 0)
			return &a->of[i];
	if (n >= STEM || a->n == SIGNERS) {
		a->odd = "more signatures in it, or of longer names, than are looked at";
		return NULL;
	}
	memcpy(a->of[a->n].stem, base, n);
	a->of[a->n].stem[n] = '\0';
	a->of[a->n].sf.max = a->of[a->n].block.max = TEXT_MAX;
	return &a->of[a->n++];
}

static pb_buf *place_of(jar *a, const char *name)
{
	const char *base = in_meta(name), *ending = base != NULL ? strrchr(base, '.') : NULL;
	bool sf = ending != NULL && strcasecmp(ending, ".SF") == 0;
	signer *s;

	if (base != NULL && strcasecmp(base, "MANIFEST.MF") == 0)
		return &a->manifest;
	if (ending == NULL || (!sf && !is_block(ending)))
		return NULL;
	s = signer_of(a, base, (size_t)(ending - base));
	return s == NULL ? NULL : sf ? &s->sf : &s->block;
}

/* The digest of a file that must be listed. */
static int note_file(jar *a, pb_reader *r, const char *name, const algorithm *by)
{
	pb_buf bytes = {.max = FILE_MAX};
	char hex[2 * DIGEST + 1];
	int rc = content(r, &bytes);

	if (rc == PB_OK && json_object_get(a->files, name) != NULL)
		a->odd = "a file in it stands there twice";
	if (rc == PB_OK && (json_object_size(a->files) >= FILES_MAX || !pb_hash_hex(by->digest, (pb_bytes){bytes.data, bytes.size}, hex) ||
	                    json_object_set_new_nocheck(a->files, name, json_string(hex)) != 0))
		rc = PB_ENOMEM;
	pb_buf_free(&bytes);
	return rc;
}

/* Goes through all members: without by, takes what makes up signatures; with it, digests everything else. PB_OK or PB_ENOMEM. */
static int walk(jar *a, pb_bytes product, const algorithm *by)
{
	pb_reader *r = NULL;
	pb_entry entry;
	int rc = pb_reader_open(product, pb_kind_named("zip"), &r), step = PB_READ_END;

	if (rc != PB_OK)
		return rc == PB_ENOMEM ? rc : PB_OK;
	while (rc == PB_OK && a->odd == NULL && (step = pb_reader_next(r, &entry)) == PB_READ_MORE) {
		bool ours = entry.name != NULL && is_of_signatures(entry.name);
		pb_buf *place = by == NULL && ours ? place_of(a, entry.name) : NULL;

		if (entry.type == PB_ENTRY_DIR || (by == NULL && place == NULL) || (by != NULL && ours))
			continue;
		if (entry.name == NULL || entry.type != PB_ENTRY_FILE || entry.encrypted)
			a->odd = "an entry in it is no file that can be read";
		else if (place != NULL && place->size > 0)
			a->odd = "a file of its signatures stands there twice";
		else
			rc = place != NULL ? content(r, place) : note_file(a, r, entry.name, by);
	}
	if (rc != PB_OK && rc != PB_ENOMEM)
		a->odd = rc == PB_ELIMIT ? "a file in it is larger than is looked at" : "not all of it can be read";
	else if (rc == PB_OK && a->odd == NULL && (step != PB_READ_END || pb_reader_damaged(r)))
		a->odd = "not all of it can be read";
	pb_reader_close(r);
	return rc == PB_ENOMEM ? rc : PB_OK;
}

/* ---- manifests ---- */

/* The next "KEY: VALUE", with the lines that go on behind a blank; a blank line: key "". value is NUL-terminated, and cut where it is longer than any
 * name of a zip. false: the end. */
static bool next_field(pb_bytes text, size_t *at, pb_bytes *key, char value[VALUE_MAX])
{
	pb_bytes line;
	const uint8_t *colon;
	size_t n, from;

	if (!pb_package_line(text, at, &line))
		return false;
	colon = line.size > 0 ? memchr(line.data, ':', line.size) : NULL;
	*key = pb_slice(line, 0, colon != NULL ? (size_t)(colon - line.data) : line.size);
	from = colon != NULL ? key->size + 1 : line.size;
	from += from < line.size && line.data[from] == ' ';
	for (n = 0;;) {
		for (; from < line.size && n < VALUE_MAX - 1; from++)
			value[n++] = (char)line.data[from];
		if (*at >= text.size || text.data[*at] != ' ' || !pb_package_line(text, at, &line))
			break;
		from = 1;
	}
	value[n] = '\0';
	return true;
}

static bool is(pb_bytes key, const char *name)
{
	return key.size == strlen(name) && strncasecmp((const char *)key.data, name, key.size) == 0;
}

/* Is value the base64 of the digest that is hex? */
static bool same_digest(const char *value, const char *hex)
{
	pb_buf raw = {.max = DIGEST};
	char as_hex[2 * DIGEST + 1] = "";
	bool fine = pb_base64_decode(value, strlen(value), &raw) == PB_OK && raw.size > 0;

	for (size_t i = 0; fine && i < raw.size; i++)
		(void)snprintf(as_hex + 2 * i, 3, "%02x", raw.data[i]);
	pb_buf_free(&raw);
	return fine && strcmp(as_hex, hex) == 0;
}

/* By which digest does the manifest list its first file? NULL: by none that can be relied on, or it lists none. */
static const algorithm *listed_by(pb_bytes manifest)
{
	char value[VALUE_MAX];
	pb_bytes key;
	size_t at = 0;
	bool named = false;

	while (next_field(manifest, &at, &key, value)) {
		named = named || is(key, "Name");
		for (size_t i = 0; named && i < ALGORITHMS; i++)
			if (is(key, algorithms[i].field))
				return &algorithms[i];
	}
	return NULL;
}

/* NAME.SF: has it the manifest's digest? NULL: yes. */
static const char *names_manifest(pb_bytes sf, pb_bytes manifest)
{
	char value[VALUE_MAX], hex[2 * DIGEST + 1];
	pb_bytes key;
	size_t at = 0;

	while (next_field(sf, &at, &key, value) && key.size > 0) /* the main section */
		for (size_t i = 0; i < ALGORITHMS; i++)
			if (is(key, algorithms[i].manifest))
				return pb_hash_hex(algorithms[i].digest, manifest, hex) && same_digest(value, hex) ?
				           NULL :
				           "what is signed is another manifest than the one in it, or it was added to";
	return "what is signed has no digest of the whole manifest that can be relied on";
}

/* Every file in it by its digest; files that were listed are taken out of the list. NULL: they fit. */
static const char *fits(jar *a, pb_bytes manifest, const algorithm *by, bool *otherwise)
{
	char value[VALUE_MAX], name[VALUE_MAX] = "";
	pb_bytes key;
	size_t at = 0;

	while (next_field(manifest, &at, &key, value)) {
		const char *hex = json_string_value(json_object_get(a->files, name));

		if (key.size == 0)
			name[0] = '\0';
		else if (is(key, "Name"))
			memcpy(name, value, sizeof name);
		else if (hex != NULL && is(key, by->field)) {
			*otherwise = !same_digest(value, hex);
			if (*otherwise)
				return "the signature in it does not hold: a file is not the one that was signed";
			json_object_del(a->files, name);
		}
	}
	return json_object_size(a->files) > 0 ? "not every file in it was signed" : NULL;
}

/* ---- all of it ---- */

/* What holds for NAME.SF holds for the product where why is NULL; otherwise: a file is another one than somebody signed. */
static int judge(pb_package_job *j, const signer *s, const char *why, bool otherwise)
{
	json_t *rows = json_array();
	size_t before = json_array_size(j->rows);
	int rc = rows == NULL ? pb_fail(j->err, PB_ENOMEM, "out of memory") :
	                        pb_signature_pkcs7(j->trust, (pb_bytes){s->block.data, s->block.size}, (pb_bytes){s->sf.data, s->sf.size}, j->as_of,
	                                           true, rows, j->err);
	bool known = false;

	for (size_t i = 0; rc == PB_OK && why != NULL && i < json_array_size(rows); i++) {
		json_t *row = json_array_get(rows, i);

		if (!json_is_true(json_object_get(row, "verified")))
			continue;
		known = known || *pb_json_str(row, "root", "") != '\0';
		if (json_object_set_new(row, "verified", json_false()) != 0 || json_object_set_new(row, "why", json_string(why)) != 0)
			rc = pb_fail(j->err, PB_ENOMEM, "out of memory");
	}
	if (rc != PB_OK) {
		json_decref(rows);
		return rc;
	}
	rc = pb_package_rows(j, "jar", "", rows, PB_NAMED_SO);
	for (size_t i = before; known && otherwise && i < json_array_size(j->rows); i++)
		json_object_set_new(json_array_get(j->rows, i), "contradicts", json_true());
	return rc;
}

static int judge_all(pb_package_job *j, jar *a)
{
	pb_bytes manifest = {a->manifest.data, a->manifest.size};
	const algorithm *by = listed_by(manifest);
	const char *why = a->odd;
	bool otherwise = false;
	int rc = PB_OK;

	if (why == NULL && by == NULL)
		why = "its manifest lists no file by a digest that can be relied on";
	if (why == NULL) {
		rc = walk(a, j->product, by);
		why = a->odd;
	}
	if (rc != PB_OK)
		return pb_fail(j->err, rc, "out of memory");
	if (why == NULL)
		why = fits(a, manifest, by, &otherwise);
	for (size_t i = 0; i < a->n && rc == PB_OK; i++) {
		const char *other = a->of[i].block.size > 0 ? names_manifest((pb_bytes){a->of[i].sf.data, a->of[i].sf.size}, manifest) : NULL;

		if (a->of[i].block.size > 0)
			rc = judge(j, &a->of[i], other != NULL ? other : why, other == NULL && otherwise);
	}
	return rc;
}

int pb_package_jar(pb_package_job *j)
{
	jar *a;
	int rc;

	if (j->product.size < 4 || memcmp(j->product.data, "PK\3\4", 4) != 0)
		return PB_OK;
	a = calloc(1, sizeof *a);
	if (a != NULL) {
		a->files = json_object();
		a->manifest.max = TEXT_MAX;
	}
	rc = a == NULL || a->files == NULL ? PB_ENOMEM : walk(a, j->product, NULL);
	if (rc != PB_OK)
		pb_fail(j->err, rc, "out of memory");
	else if (a->n > 0)
		rc = judge_all(j, a);
	for (size_t i = 0; a != NULL && i < a->n; i++) {
		pb_buf_free(&a->of[i].sf);
		pb_buf_free(&a->of[i].block);
	}
	if (a != NULL) {
		pb_buf_free(&a->manifest);
		json_decref(a->files);
	}
	free(a);
	return rc;
}
