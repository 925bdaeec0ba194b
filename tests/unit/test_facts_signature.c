/* Signatures of programs: what fits, what was changed where, and files that lie about what they hold. The files are those of
 * tests/fuzz/corpus/signed, which tests/samples/make_signed.py wrote. */
#include "facts_case.h"

#include "base/pkcs7.h"

enum { PE_CHECKSUM = 64 + 24 + 64, PE_TABLE = 64 + 24 + 112 + 32, PE_SIZE = 1536 };

typedef struct file {
	uint8_t *data; /* of exactly n bytes, so that a read past the end is seen */
	size_t n;
} file;

static file read_signed(const char *name)
{
	char path[200];
	pb_buf text = {0};
	pb_error err = {0};
	file f;

	(void)snprintf(path, sizeof path, "tests/fuzz/corpus/signed/%s", name);
	if (pb_fs_read(path, 1 << 20, &text, &err) != PB_OK)
		fail_msg("%s", err.text);
	f = (file){malloc(text.size), text.size};
	assert_non_null(f.data);
	memcpy(f.data, text.data, text.size);
	pb_buf_free(&text);
	return f;
}

static json_t *signature_of(void **state, const file *f, const char *kind)
{
	json_t *facts = facts_of(state, f->data, f->n, "", kind), *s = json_incref(json_object_get(facts, "signature"));

	json_decref(facts);
	return s;
}

/* The truth at key: 1, 0, or -1 where there is none. */
static int truth(const json_t *s, const char *key)
{
	const json_t *v = json_object_get(s, key);

	return v == NULL ? -1 : json_is_true(v);
}

static void a_program_fits_its_signature(void **state)
{
	file f = read_signed("timestamped");
	json_t *s = signature_of(state, &f, "pe");

	assert_string_equal(pb_json_str(s, "format", ""), "authenticode");
	assert_string_equal(pb_json_str(s, "digest", ""), "sha256");
	assert_int_equal(truth(s, "digest_ok"), 1);
	assert_int_equal(truth(s, "verified"), 1);
	assert_int_equal(truth(s, "timestamped"), 1);
	assert_int_equal(truth(s, "self_signed"), 0);
	assert_string_equal(pb_json_str(s, "subject", ""), "Vendor Host Works");
	assert_string_equal(pb_json_str(s, "issuer", ""), "Somebody Else Ltd");
	assert_int_equal(pb_json_int(s, "not_before", 0), 18262); /* 2020-01-01 */
	assert_int_equal(pb_json_int(s, "not_after", 0), 18628);  /* 2021-01-01 */
	assert_int_equal(pb_json_int(s, "unsigned_bytes", 0), 56);
	assert_null(json_object_get(s, "behind"));
	json_decref(s);
	free(f.data);
}

static void every_byte_that_is_signed_counts(void **state)
{
	static const struct {
		size_t at;
		int fits;
	} cases[] = {
	    {2, 0}, {300, 0}, {600, 0}, {PE_SIZE - 1, 0}, {PE_CHECKSUM, 1}, {PE_CHECKSUM + 3, 1}, {PE_CHECKSUM + 4, 0}};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		file f = read_signed("timestamped");
		json_t *s;

		f.data[cases[i].at] ^= 0x40;
		s = signature_of(state, &f, "pe");
		if (truth(s, "digest_ok") != cases[i].fits)
			fail_msg("byte %zu", cases[i].at);
		assert_int_equal(truth(s, "verified"), 1); /* the signature itself is as it was */
		json_decref(s);
		free(f.data);
	}
}

static void a_signature_of_another_key_is_none(void **state)
{
	file f = read_signed("timestamped");
	json_t *s;

	f.data[f.n - 110] ^= 1; /* inside of the signature's value: behind it stand the attributes that nobody signed */
	s = signature_of(state, &f, "pe");
	assert_int_equal(truth(s, "digest_ok"), 1);
	if (truth(s, "verified") != 0) {
		f.data[f.n - 110] ^= 1;
		f.data[f.n - 150] ^= 1;
		json_decref(s);
		s = signature_of(state, &f, "pe");
	}
	assert_int_equal(truth(s, "verified"), 0);
	json_decref(s);
	free(f.data);
}

static void what_no_digest_covers_is_counted(void **state)
{
	file f = read_signed("behind"), longer;
	json_t *s = signature_of(state, &f, "pe");

	assert_int_equal(pb_json_int(s, "behind", 0), 8008);
	assert_int_equal(truth(s, "digest_ok"), 1);
	json_decref(s);
	longer = (file){calloc(1, f.n + 100), f.n + 100};
	assert_non_null(longer.data);
	memcpy(longer.data, f.data, f.n);
	s = signature_of(state, &longer, "pe");
	assert_int_equal(pb_json_int(s, "appended", 0), 100);
	json_decref(s);
	free(longer.data);
	free(f.data);
}

static void tables_that_lie(void **state)
{
	static const uint32_t places[][2] = {{0xffffffff, 8}, {1536, 0xffffffff}, {8, 8}, {1536, 1}, {0xfffffff0, 0xfffffff0}};
	file f = read_signed("broken");
	json_t *s = signature_of(state, &f, "pe");

	assert_non_null(json_object_get(s, "broken"));
	json_decref(s);
	free(f.data);
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		f = read_signed("timestamped");
		memcpy(f.data + PE_TABLE, places[i], 8); /* little-endian machines only, as the program itself */
		s = signature_of(state, &f, "pe");
		assert_non_null(json_object_get(s, "broken"));
		assert_null(json_object_get(s, "digest_ok"));
		json_decref(s);
		memset(f.data + PE_TABLE, 0, 8);
		assert_null(signature_of(state, &f, "pe"));
		free(f.data);
	}
}

static void pages_of_a_macho(void **state)
{
	file f = read_signed("macho");
	json_t *s = signature_of(state, &f, "macho");

	assert_string_equal(pb_json_str(s, "format", ""), "code-directory");
	assert_int_equal(truth(s, "digest_ok"), 1);
	assert_int_equal(truth(s, "adhoc"), 1);
	assert_string_equal(pb_json_str(s, "identifier", ""), "twin");
	assert_string_equal(pb_json_str(s, "team", ""), "TEAM12345");
	json_decref(s);
	f.data[4096 + 4999] ^= 1; /* in the third page */
	s = signature_of(state, &f, "macho");
	assert_int_equal(truth(s, "digest_ok"), 0);
	assert_int_equal(pb_json_int(s, "differs_at", 0), 8192);
	json_decref(s);
	f.data[4096 + 5000 + 20 + 28] = 1; /* more pages than the file has */
	s = signature_of(state, &f, "macho");
	assert_non_null(json_object_get(s, "broken"));
	json_decref(s);
	free(f.data);
}

static void what_was_signed_apart(void **state)
{
	static const uint8_t content[] = "content";
	file f = read_signed("pkcs7");
	pb_bytes der = {f.data, f.n};
	pb_pkcs7 p;

	(void)state;
	assert_true(pb_pkcs7_read(der, (pb_bytes){NULL, 0}, &p));
	assert_int_equal(p.verified, -1);
	assert_int_equal(p.value_size, 32);
	assert_int_equal(p.size, f.n);
	assert_true(pb_pkcs7_read(der, (pb_bytes){content, 7}, &p));
	assert_int_equal(p.verified, 1);
	assert_true(pb_pkcs7_read(der, (pb_bytes){content, 6}, &p));
	assert_int_equal(p.verified, 0);
	free(f.data);
}

/* Cut anywhere, nothing is read that is not there. */
static void every_beginning(void **state)
{
	static const char *const names[][2] = {{"timestamped", "pe"}, {"macho", "macho"}, {"pkcs7", "der"}};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		file f = read_signed(names[i][0]);

		for (size_t n = 1; n < f.n; n += n < 300 ? 7 : 61) {
			file cut = {malloc(n), n};
			json_t *s;

			assert_non_null(cut.data);
			memcpy(cut.data, f.data, n);
			s = signature_of(state, &cut, names[i][1]);
			if (n < 9000) /* zeros fill the last one up behind there */
				assert_int_not_equal(truth(s, "digest_ok"), 1);
			json_decref(s);
			free(cut.data);
		}
		free(f.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_program_fits_its_signature),
	    cmocka_unit_test(every_byte_that_is_signed_counts),
	    cmocka_unit_test(a_signature_of_another_key_is_none),
	    cmocka_unit_test(what_no_digest_covers_is_counted),
	    cmocka_unit_test(tables_that_lie),
	    cmocka_unit_test(pages_of_a_macho),
	    cmocka_unit_test(what_was_signed_apart),
	    cmocka_unit_test(every_beginning),
	};

	return cmocka_run_group_tests(tests, facts_open, facts_close);
}
