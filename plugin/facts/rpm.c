/* The header of an .rpm: what librpm would read out of it, without librpm (README.md says why). */
#include <string.h>

#include "base/hash.h"
#include "facts/fields.h"
#include "object/rpm_header.h"

enum { FILES_MAX = 100000, SCRIPT_MAX = 65536, PATH_MAX_BYTES = 4096 };

static const struct {
	uint32_t tag;
	const char *key;
} texts[] =
    {
        {1000, "name"},
        {1001, "version"},
        {1002, "release"},
        {1004, "summary"},
        {1005, "description"},
        {1007, "buildhost"},
        {1010, "distribution"},
        {1011, "vendor"},
        {1014, "license"},
        {1015, "packager"},
        {1016, "group"},
        {1020, "url"},
        {1021, "os"},
        {1022, "architecture"},
        {1044, "sourcerpm"},
        {1124, "payload_format"},
        {1125, "payload_compressor"},
},
  scripts[] =
      {
          {1023, "prein"},     {1024, "postin"}, {1025, "preun"},      {1026, "postun"},      {1151, "pretrans"},
          {1152, "posttrans"}, {1079, "verify"}, {5103, "preuntrans"}, {5104, "postuntrans"},
},
  interpreters[] =
      {
          /* A scriptlet may be nothing but its interpreter: /sbin/ldconfig. */
          {1085, "prein"},     {1086, "postin"}, {1087, "preun"},      {1088, "postun"},      {1153, "pretrans"},
          {1154, "posttrans"}, {1091, "verify"}, {5105, "preuntrans"}, {5106, "postuntrans"},
},
  numbers[] = {
      {1003, "epoch"},
      {1006, "buildtime"},
      {1009, "size"},
};
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static int put_text(json_t *object, const pb_rpm_header *h, uint32_t tag, const char *key, size_t max)
{
	pb_rpm_value value;
	pb_bytes text;

	if (!pb_rpm_find(h, tag, &value) || !pb_rpm_text(&value, &text) || text.size == 0)
		return 0;
	return json_object_set_new(object, key, pb_text_json(text, max)) ? PB_ENOMEM : 0;
}

static int put_list(json_t *object, const pb_rpm_header *h, uint32_t tag, const char *key)
{
	pb_rpm_value value;
	pb_bytes text;
	int rc = 0;

	if (!pb_rpm_find(h, tag, &value))
		return 0;
	for (size_t n = 0; !rc && n < PB_FIELD_LIST && pb_rpm_text(&value, &text); n++)
		rc = pb_list_add(object, key, pb_text_json(text, 256));
	return rc;
}

static int put_scripts(json_t *rpm, const pb_rpm_header *h)
{
	json_t *map = json_object();
	int rc = map ? 0 : PB_ENOMEM;

	for (size_t i = 0; i < COUNT(interpreters) && !rc; i++)
		rc = put_text(map, h, interpreters[i].tag, interpreters[i].key, SCRIPT_MAX);
	for (size_t i = 0; i < COUNT(scripts) && !rc; i++)
		rc = put_text(map, h, scripts[i].tag, scripts[i].key, SCRIPT_MAX);
	if (!rc && json_object_size(map) > 0)
		rc = json_object_set(rpm, "scripts", map) ? PB_ENOMEM : 0;
	json_decref(map);
	return rc;
}

/* The tables of files run side by side: the i-th name, mode, digest belong together. */
typedef struct files {
	pb_rpm_value names, digests, links, users, groups, caps, modes, sizes, flags, folders;
	bool has_digests, has_links, has_users, has_groups, has_caps, has_sizes;
	pb_bytes *folder; /* the texts of 1118, found once */
	size_t n_folders;
} files;

enum { FOLDERS_MAX = 50000 };

/* All texts of an entry; 0 or PB_ENOMEM. */
static int read_folders(const pb_rpm_header *h, pb_buf *store, files *f)
{
	pb_rpm_value value;
	pb_bytes text;

	if (!pb_rpm_find(h, 1118, &value))
		return 0;
	for (size_t n = 0; n < FOLDERS_MAX && pb_rpm_text(&value, &text); n++)
		if (pb_buf_add(store, &text, sizeof text))
			return PB_ENOMEM;
	f->folder = (pb_bytes *)(void *)store->data;
	f->n_folders = store->size / sizeof text;
	return 0;
}

/* "/usr/bin/" and "hello" */
static json_t *path_json(const files *f, uint32_t i, pb_bytes base)
{
	uint64_t folder;
	uint8_t path[PATH_MAX_BYTES];
	pb_bytes dir = {NULL, 0};

	if (pb_rpm_number(&f->folders, i, &folder) && folder < f->n_folders)
		dir = f->folder[folder];
	dir = pb_slice(dir, 0, sizeof path / 2);
	base = pb_slice(base, 0, sizeof path / 2);
	if (dir.size)
		memcpy(path, dir.data, dir.size);
	if (base.size)
		memcpy(path + dir.size, base.data, base.size);
	return pb_json_display(path, dir.size + base.size, 0);
}

static void put_next(json_t *entry, const char *key, pb_rpm_value *value, bool has, bool *failed)
{
	pb_bytes text;
	if (has && pb_rpm_text(value, &text) && text.size > 0 &&
	    json_object_set_new(entry, key, pb_json_display(text.data, text.size, 512)))
		*failed = true;
}

static json_t *file_json(files *f, uint32_t i, pb_bytes base)
{
	json_t *entry = json_object();
	uint64_t mode, size, flags;
	bool failed = json_object_set_new(entry, "path", path_json(f, i, base)) != 0;

	put_next(entry, "digest", &f->digests, f->has_digests, &failed);
	put_next(entry, "link", &f->links, f->has_links, &failed);
	put_next(entry, "user", &f->users, f->has_users, &failed);
	put_next(entry, "group", &f->groups, f->has_groups, &failed);
	put_next(entry, "caps", &f->caps, f->has_caps, &failed);
	if (pb_rpm_number(&f->modes, i, &mode))
		failed |= json_object_set_new(entry, "mode", json_integer((json_int_t)mode)) != 0;
	if (f->has_sizes && pb_rpm_number(&f->sizes, i, &size) && size <= INT64_MAX)
		failed |= json_object_set_new(entry, "size", json_integer((json_int_t)size)) != 0;
	if (pb_rpm_number(&f->flags, i, &flags) && flags != 0)
		failed |= json_object_set_new(entry, "flags", json_integer((json_int_t)flags)) != 0;
	if (!failed)
		return entry;
	json_decref(entry);
	return NULL;
}

static int put_files(pb_look *look, json_t *rpm, const pb_rpm_header *h)
{
	files f = {0};
	pb_buf store = {0};
	pb_bytes base;
	json_t *list = json_array();
	int rc = list ? read_folders(h, &store, &f) : PB_ENOMEM;

	(void)pb_rpm_find(h, 1030, &f.modes);
	(void)pb_rpm_find(h, 1037, &f.flags);
	(void)pb_rpm_find(h, 1116, &f.folders);
	f.has_digests = pb_rpm_find(h, 1035, &f.digests);
	f.has_links = pb_rpm_find(h, 1036, &f.links);
	f.has_users = pb_rpm_find(h, 1039, &f.users);
	f.has_groups = pb_rpm_find(h, 1040, &f.groups);
	f.has_caps = pb_rpm_find(h, 5010, &f.caps);
	f.has_sizes = pb_rpm_find(h, 5008, &f.sizes) || pb_rpm_find(h, 1028, &f.sizes);
	bool any = pb_rpm_find(h, 1117, &f.names);
	for (uint32_t i = 0; any && !rc && pb_rpm_text(&f.names, &base); i++) {
		if (i == FILES_MAX) {
			pb_look_cut(look, "rpm");
			break;
		}
		rc = json_array_append_new(list, file_json(&f, i, base)) ? PB_ENOMEM : 0;
	}
	if (!rc && json_array_size(list) > 0)
		rc = json_object_set(rpm, "files", list) ? PB_ENOMEM : 0;
	json_decref(list);
	pb_buf_free(&store);
	return rc;
}

static const char *digest_name(uint64_t algorithm)
{
	switch (algorithm) {
	case 1:
		return "md5";
	case 2:
		return "sha1";
	case 8:
		return "sha256";
	case 9:
		return "sha384";
	case 10:
		return "sha512";
	default:
		return NULL;
	}
}

static int put_numbers(json_t *rpm, const pb_rpm_header *h, const pb_rpm_header *signature)
{
	static const uint32_t signatures[] = {267 /* DSA */, 268 /* RSA */, 1002 /* PGP */, 1005 /* GPG */};
	pb_rpm_value value;
	uint64_t number;
	bool is_signed = false, failed = false;

	for (size_t i = 0; i < COUNT(numbers); i++)
		if (pb_rpm_find(h, numbers[i].tag, &value) && pb_rpm_number(&value, 0, &number) && number <= INT64_MAX)
			failed |= json_object_set_new(rpm, numbers[i].key, json_integer((json_int_t)number)) != 0;
	/* Older packages say nothing and mean MD5. */
	const char *digest = pb_rpm_find(h, 5011, &value) && pb_rpm_number(&value, 0, &number) ? digest_name(number) : "md5";
	if (digest)
		failed |= json_object_set_new(rpm, "digest_algorithm", json_string(digest)) != 0;
	for (size_t i = 0; i < COUNT(signatures); i++)
		is_signed |= pb_rpm_find(signature, signatures[i], &value);
	failed |= json_object_set_new(rpm, "signature", json_boolean(is_signed)) != 0;
	return failed ? PB_ENOMEM : 0;
}

/* What a package says that its own bytes are, and whether they are. */
static int put_digest(json_t *list, const char *what, const char *algorithm, bool fits)
{
	json_t *one = json_pack("{s:s,s:s,s:b}", "what", what, "algorithm", algorithm, "ok", fits);

	return one == NULL || json_array_append_new(list, one) ? PB_ENOMEM : 0;
}

static bool has_digest(const char *algorithm, pb_bytes of, pb_bytes text)
{
	char hex[PB_HEX_MAX];

	return pb_hash_hex(algorithm, of, hex) && strlen(hex) == text.size && memcmp(hex, text.data, text.size) == 0;
}

static int put_digests(json_t *rpm, const pb_rpm_header *h, const pb_rpm_header *signature)
{
	static const struct {
		uint32_t tag;
		const char *algorithm;
	} headers[] = {{269, "sha1"}, {273, "sha256"}};
	json_t *list = json_array();
	int rc = list != NULL ? 0 : PB_ENOMEM;
	pb_rpm_value value, how;
	pb_bytes text;
	uint64_t number;
	uint8_t md5[64];

	for (size_t i = 0; i < COUNT(headers) && !rc; i++)
		if (pb_rpm_find(signature, headers[i].tag, &value) && pb_rpm_text(&value, &text))
			rc = put_digest(list, "header", headers[i].algorithm, has_digest(headers[i].algorithm, h->whole, text));
	if (!rc && pb_rpm_find(h, 5092, &value) && pb_rpm_text(&value, &text) && pb_rpm_find(h, 5093, &how) &&
	    pb_rpm_number(&how, 0, &number) && digest_name(number))
		rc = put_digest(list, "payload", digest_name(number), has_digest(digest_name(number), h->rest, text));
	if (!rc && pb_rpm_find(signature, 1004, &value) && (text = pb_rpm_bytes(&value)).size == 16) {
		const pb_bytes both[] = {h->whole, h->rest};

		rc = put_digest(list, "package", "md5",
		                pb_hash_pieces("md5", both, COUNT(both), md5) == 16 && memcmp(md5, text.data, 16) == 0);
	}
	if (!rc && json_array_size(list) > 0)
		rc = json_object_set(rpm, "digests", list) ? PB_ENOMEM : 0;
	json_decref(list);
	return rc;
}

int pb_fact_rpm(pb_look *look)
{
	pb_rpm_header signature, h;
	json_t *rpm;
	int rc;

	if (!pb_rpm_headers(look->object->bytes, &signature, &h))
		return 0;
	rpm = json_object();
	rc = rpm ? 0 : PB_ENOMEM;
	for (size_t i = 0; i < COUNT(texts) && !rc; i++)
		rc = put_text(rpm, &h, texts[i].tag, texts[i].key, PB_FIELD_TEXT);
	if (!rc)
		rc = put_list(rpm, &h, 1049, "requires");
	if (!rc)
		rc = put_scripts(rpm, &h);
	if (!rc)
		rc = put_numbers(rpm, &h, &signature);
	if (!rc)
		rc = put_digests(rpm, &h, &signature);
	if (!rc)
		rc = put_files(look, rpm, &h);
	if (!rc && json_object_get(rpm, "name")) {
		pb_look_tag(look, "rpm");
		pb_look_tag(look, "package");
		return pb_look_set(look, "rpm", rpm);
	}
	json_decref(rpm);
	return rc;
}
