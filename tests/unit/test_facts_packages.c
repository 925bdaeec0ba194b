/* What packages say of themselves: control files, manifests, headers, lists of digests. */
#include "facts_case.h"

#include "rpm_case.h"

static void debian_control(void **state)
{
	json_t *facts = facts_of_text(
	    state,
	    "Package: hello\nVersion: 2.10-3\nArchitecture: amd64\nMaintainer: Ada <ada@example.org>\nDepends: libc6 (>= "
	    "2.34)\n"
	    "Description: greets\n Long text\n .\n  indented\nHomepage: https://www.example.org\n\nPackage: second\n",
	    "control", NULL);
	assert_json(
	    at(facts, "deb", NULL),
	    "{\"architecture\":\"amd64\",\"depends\":\"libc6 (>= 2.34)\",\"description\":\"greets\\nLong text\\n\\nindented\","
	    "\"homepage\":\"https://www.example.org\",\"maintainer\":\"Ada "
	    "<ada@example.org>\",\"package\":\"hello\",\"version\":\"2.10-3\"}");
	assert_tag(facts, "deb", true);
	assert_tag(facts, "package", true);
	json_decref(facts);
	/* a source package's, and one with another name */
	facts = facts_of_text(state, "Source: hello\nVersion: 1\nArchitecture: any\n\nPackage: hello\n", "control", NULL);
	assert_null(at(facts, "deb", NULL));
	json_decref(facts);
	facts = facts_of_text(state, "Package: hello\nVersion: 1\nArchitecture: any\n", ".txt", NULL);
	assert_null(at(facts, "deb", NULL));
	json_decref(facts);
}

static void debian_lists(void **state)
{
	json_t *facts = facts_of_text(
	    state,
	    "0123456789abcdef0123456789abcdef  usr/bin/hello\n0123456789ABCDEF0123456789ABCDEF  ./usr/share/a b\r\n"
	    "0123456789abcdef0123456789abcdef *usr/c\nshort  x\n0123456789abcdef0123456789abcdeg  no\n"
	    "0123456789abcdef0123456789abcdef  x\x1b[31m\n0123456789abcdef0123456789abcdef  \n",
	    "md5sums", NULL);
	assert_json(
	    at(facts, "md5sums", NULL),
	    "{\"usr/bin/hello\":\"0123456789abcdef0123456789abcdef\",\"usr/c\":\"0123456789abcdef0123456789abcdef\","
	    "\"usr/share/a b\":\"0123456789abcdef0123456789abcdef\",\"x\\\\x1b[31m\":\"0123456789abcdef0123456789abcdef\"}");
	json_decref(facts);
	facts = facts_of_text(state, "/etc/a.conf\nremove-on-upgrade /etc/old\n\n/etc/dir/b\n", "conffiles", NULL);
	assert_json(at(facts, "conffiles", NULL), "[\"etc/a.conf\",\"etc/dir/b\"]");
	json_decref(facts);
}

/* A name of a megabyte is passed over, and that is told. */
static void overlong_lines_are_told(void **state)
{
	pb_buf text = {0};
	pb_buf_puts(&text, "0123456789abcdef0123456789abcdef  ");
	for (int i = 0; i < 100000; i++)
		pb_buf_puts(&text, "aaaaaaaaaa");
	pb_buf_puts(&text, "\n0123456789abcdef0123456789abcdef  ok\n");
	json_t *facts = facts_of(state, text.data, text.size, "md5sums", "text");
	assert_json(at(facts, "md5sums", NULL), "{\"ok\":\"0123456789abcdef0123456789abcdef\"}");
	assert_json(at(facts, "cut", NULL), "[\"md5sums\"]");
	json_decref(facts);
	pb_buf_free(&text);
}

static void one_package(void **state, const char *text, const char *name_class, const char *wanted, const char *tag)
{
	json_t *facts = facts_of_text(state, text, name_class, NULL);

	assert_json(at(facts, "package", NULL), wanted);
	assert_tag(facts, tag, true);
	assert_tag(facts, "package", true);
	json_decref(facts);
}

/* Metadata of many sorts in one shape, and what only looks like it. */
static void packages_in_one_shape(void **state)
{
	static const char *const none[][2] = {
	    {"{\"manifest_version\":\"3\",\"name\":\"x\"}", ".json"}, {"{\"build_number\":0,\"name\":\"x\"}", ".json"},
	    {"{\"diff_ids\":[],\"config\":{}}", ".json"},           {"[{\"RepoTags\":null,\"Config\":\"x\"}]", ".json"},
	    {"pkgver = 1\n", ".pkginfo"},                            {"name: x\nversion: 1\n", ".yaml"},
	    {"<package><metadata></metadata></package>", ".nuspec"}, {"--- !ruby/object:Gem::Version\nname: x\n", ".txt"}};

	one_package(state,
	            "--- !ruby/object:Gem::Specification\nname: a\nversion: !ruby/object:Gem::Version\n  version: '1.2'\nauthors:\n- A\n"
	            "dependencies:\n- !ruby/object:Gem::Dependency\n  name: b\n  requirement:\n    name: no\nextensions:\n- ext/extconf.rb\nlicenses: []\n",
	            "", "{\"depends\":[\"b\"],\"kind\":\"gem\",\"maintainer\":[\"A\"],\"name\":\"a\",\"runs\":[\"ext/extconf.rb\"],\"version\":\"1.2\"}", "gem");
	one_package(state, "pkgname = a\npkgver = 1-1\ndepend = b>=1\nlicense = MIT\n", ".pkginfo",
	            "{\"depends\":[\"b>=1\"],\"kind\":\"pacman\",\"license\":[\"MIT\"],\"name\":\"a\",\"version\":\"1-1\"}", "pacman");
	one_package(state, "{\"manifest_version\":3,\"name\":\"a\",\"version\":\"1\",\"permissions\":[\"tabs\",7],\"content_scripts\":[{\"matches\":[\"*://*/*\"]}]}",
	            ".json", "{\"kind\":\"extension\",\"matches\":[\"*://*/*\"],\"name\":\"a\",\"permissions\":[\"tabs\"],\"version\":\"1\"}", "extension");
	one_package(state, "{\"config\":{\"User\":\"root\",\"Entrypoint\":[\"/x\"],\"ExposedPorts\":{\"80/tcp\":{}}},\"rootfs\":{\"diff_ids\":[\"sha256:0\"]}}", "",
	            "{\"entrypoint\":[\"/x\"],\"kind\":\"image\",\"ports\":[\"80/tcp\"],\"user\":\"root\"}", "image");
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		json_t *facts = facts_of_text(state, none[i][0], none[i][1], NULL);
		assert_null(at(facts, "package", NULL));
		json_decref(facts);
	}
}

static void npm_manifest(void **state)
{
	json_t *facts = facts_of_text(
	    state,
	    "\xef\xbb\xbf{\"name\":\"@a/"
	    "b\",\"version\":\"1.0.0\",\"version\":\"1.0.1\",\"license\":{\"type\":\"MIT\",\"url\":\"x\"},"
	    "\"author\":{\"name\":\"Ada\"},\"repository\":{\"type\":\"git\",\"url\":\"git+https://example.org/x.git\"},"
	    "\"keywords\":\"one\",\"maintainers\":[{\"name\":\"B\"},\"C\",7],\"scripts\":{\"postinstall\":\"node "
	    "x.js\",\"n\":1},"
	    "\"dependencies\":{\"left-pad\":\"1\"},\"bin\":{\"b\":\"./b.js\"},\"private\":true}",
	    "package.json", NULL);
	assert_json(at(facts, "npm", NULL),
	            "{\"author\":\"Ada\",\"bin\":{\"b\":\"./"
	            "b.js\"},\"dependencies\":[\"left-pad\"],\"keywords\":[\"one\"],\"license\":\"MIT\","
	            "\"maintainers\":[\"B\",\"C\"],\"name\":\"@a/b\",\"repository\":\"git+https://example.org/x.git\","
	            "\"scripts\":{\"postinstall\":\"node x.js\"},\"version\":\"1.0.1\"}");
	assert_tag(facts, "npm", true);
	json_decref(facts);
	static const char *const none[] = {"{\"version\":\"1\"}",     "{\"name\":\"\"}", "{\"name\":7}", "[]", "{\"name\":", "",
	                                   "{\"name\":\"a\\u0000b\"}"};
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		facts = facts_of_text(state, none[i], "package.json", NULL);
		assert_null(at(facts, "npm", NULL));
		assert_tag(facts, "npm", false);
		json_decref(facts);
	}
}

static void wheels(void **state)
{
	json_t *facts = facts_of_text(
	    state,
	    "Metadata-Version: 2.1\nName: probe\nVersion: 1.0\nSummary: UNKNOWN\nHome-page: https://example.org\n"
	    "Classifier: A :: B\nClassifier: C\nRequires-Dist: requests\nLicense: MIT\n  and more\n\nBody: not a field\n",
	    "metadata", NULL);
	assert_json(at(facts, "wheel", NULL),
	            "{\"classifiers\":[\"A :: B\",\"C\"],\"home_page\":\"https://example.org\",\"license\":\"MIT\\nand "
	            "more\",\"metadata_version\":\"2.1\","
	            "\"name\":\"probe\",\"requires_dist\":[\"requests\"],\"version\":\"1.0\"}");
	assert_tag(facts, "wheel", true);
	json_decref(facts);
	/* the digest of the empty file, one of another kind, none, a quoted name, one cut short, one too long */
	facts =
	    facts_of_text(state,
	                  "a.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\nb.py,md5=x,1\np.dist-info/RECORD,,\n"
	                  "\"c,\"\"d\"\".py\",sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=,x\ne.py,sha256=47DEQpj8,3\n"
	                  "f.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFUAAAA,4\n\"broken\n,,\n",
	                  "record", NULL);
	assert_json(at(facts, "record", NULL),
	            "{\"a.py\":{\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"size\":0},"
	            "\"b.py\":{\"sha256\":\"\",\"size\":1},"
	            "\"c,\\\"d\\\".py\":{\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"},"
	            "\"e.py\":{\"sha256\":\"\",\"size\":3},\"f.py\":{\"sha256\":\"\",\"size\":4},\"p.dist-info/"
	            "RECORD\":{\"sha256\":\"\"}}");
	json_decref(facts);
}

static void jars(void **state)
{
	json_t *facts = facts_of_text(
	    state,
	    "Manifest-Version: 1.0\r\nImplementation-Title: A rather long title that goes on in the next lin\r\n e of it\r\n"
	    "Implementation-Version: 1.2\r\n\r\nName: a/B.class\r\nSHA-256-Digest: x\r\n",
	    "manifest.mf", NULL);
	assert_json(at(facts, "jar", NULL), "{\"implementation-title\":\"A rather long title that goes on in the next line of "
	                                    "it\",\"implementation-version\":\"1.2\","
	                                    "\"manifest-version\":\"1.0\"}");
	assert_tag(facts, "jar", true);
	json_decref(facts);
}

static void rpm_headers(void **state)
{
	rpm_file f;
	rpm_make(&f);
	json_t *facts = facts_of(state, f.data, f.size, ".rpm", "rpm");
	assert_json(
	    at(facts, "rpm", NULL),
	    "{\"buildtime\":1700000000,\"digest_algorithm\":\"sha256\",\"files\":[{\"digest\":\"aa\",\"mode\":33261,\"path\":"
	    "\"/usr/bin/hello\"},"
	    "{\"digest\":\"bb\",\"mode\":33188,\"path\":\"/etc/"
	    "hello.conf\"}],\"license\":\"GPL-3.0-or-later\",\"name\":\"hello\","
	    "\"requires\":[\"libc\",\"bash\"],\"scripts\":{\"postin\":\"echo hi\"},\"signature\":false,\"version\":\"2.10\"}");
	assert_tag(facts, "rpm", true);
	assert_tag(facts, "package", true);
	json_decref(facts);
}

/* Lengths and offsets that lie: the header is not there, or the entry is not; never a read outside. */
static void rpm_headers_that_lie(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
	} lies[] = {
	    {RPM_MAIN + 8, 0xffffffff}, {RPM_MAIN + 12, 0x7fffffff}, {RPM_MAIN + 8, 0}, {RPM_SIGNATURE + 12, 0xfffffff0}};
	for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
		rpm_file f;
		rpm_make(&f);
		rpm_word(f.data + lies[i].at, lies[i].value);
		json_t *facts = facts_of(state, f.data, f.size, ".rpm", "rpm");
		assert_null(at(facts, "rpm", NULL));
		json_decref(facts);
	}
	rpm_file f;
	rpm_make(&f);
	rpm_word(f.data + RPM_MAIN + 16 + 16 + 8, 0x7fffffff); /* the offset of the second entry */
	json_t *facts = facts_of(state, f.data, f.size, ".rpm", "rpm");
	assert_json(at(facts, "rpm", "name", NULL), "\"hello\"");
	assert_null(at(facts, "rpm", "version", NULL));
	json_decref(facts);
}

/* A zip of one stored member "a.txt", built in place behind what is there. Returns the new length. */
static size_t add_zip(uint8_t *b, size_t at, unsigned flags)
{
	static const uint8_t local[] = "PK\3\4\12\0\0\0\0\0\0\0\x21\0\0\0\0\0\7\0\0\0\7\0\0\0\5\0\0\0a.txtseven..";
	static const uint8_t central[] =
	    "PK\1\2\12\0\12\0\0\0\0\0\0\0\x21\0\0\0\0\0\7\0\0\0\7\0\0\0\5\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "a.txt";
	static const uint8_t end[] = "PK\5\6\0\0\0\0\1\0\1\0\x33\0\0\0\x2a\0\0\0\0";
	memcpy(b + at, local, 42);
	b[at + 6] = (uint8_t)flags;
	memcpy(b + at + 42, central, 51);
	b[at + 42 + 8] = (uint8_t)flags;
	memcpy(b + at + 93, end, 22);
	return at + 93 + 22;
}

/* Programs that carry a zip list its members, whatever follows; the letters alone are no zip. */
static void zips_in_programs(void **state)
{
	static const char *const kinds[] = {"elf", "pe", "shell", "data", "pdf"};
	uint8_t b[40000] = {0};
	size_t n;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		n = add_zip(b, 3000, 0);
		json_t *facts = facts_of(state, b, n, "", kinds[i]);
		assert_json(at(facts, "members", "complete", NULL), "true");
		assert_json(at(facts, "members", "format", NULL), "\"zip\"");
		assert_int_equal(json_array_size(at(facts, "members", "entries", NULL)), 1);
		assert_json(at(facts, "members", "entries", "0", "path", NULL), "\"a.txt\"");
		assert_json(at(facts, "members", "entries", "0", "size", NULL), "7");
		assert_null(at(facts, "members", "entries", "0", "encrypted", NULL));
		assert_tag(facts, "manifest", true);
		assert_tag(facts, kinds[i], true);
		json_decref(facts);
	}
	(void)add_zip(b, 3000, 1);
	json_t *facts = facts_of(state, b, sizeof b, "", "elf"); /* a signature behind it */
	assert_json(at(facts, "members", "entries", "0", "encrypted", NULL), "true");
	json_decref(facts);
	b[3000 + 42] = 'x'; /* no list */
	facts = facts_of(state, b, n, "", "elf");
	assert_null(at(facts, "members", NULL));
	assert_tag(facts, "manifest", false);
	json_decref(facts);
	(void)add_zip(b, 3000, 0);
	facts = facts_of(state, b, n, "", "gzip"); /* a layer has one payload */
	assert_null(at(facts, "members", NULL));
	json_decref(facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(debian_control),
	    cmocka_unit_test(debian_lists),
	    cmocka_unit_test(overlong_lines_are_told),
	    cmocka_unit_test(npm_manifest),
	    cmocka_unit_test(packages_in_one_shape),
	    cmocka_unit_test(wheels),
	    cmocka_unit_test(jars),
	    cmocka_unit_test(rpm_headers),
	    cmocka_unit_test(rpm_headers_that_lie),
	    cmocka_unit_test(zips_in_programs),
	};
	return cmocka_run_group_tests(tests, facts_open, facts_close);
}
