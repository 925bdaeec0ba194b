/* What comes with a pack of rules, over any bytes; the first one says as what: pack.ini, pack.sum, a .tar.gz, or the tar inside of one. */
#include <stdlib.h>
#include <string.h>

#include "checks/pack.h"
#include "worker/unpacker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int take(void *user, const char *path, pb_bytes content, pb_error *err)
{
	size_t *files = user;

	(void)content;
	(void)err;
	if (!pb_pack_path_ok(path) || ++*files > 2 * PB_PACK_FILES)
		abort();
	return PB_OK;
}

/* As gzip's stored blocks, so that the fuzzer does not have to find out how deflate works. */
static int wrap(pb_bytes tar, pb_buf *out)
{
	static const uint8_t head[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
	int rc = pb_buf_add(out, head, sizeof head);

	for (size_t at = 0; rc == PB_OK && (at == 0 || at < tar.size); at += 65535) {
		size_t n = tar.size - at < 65535 ? tar.size - at : 65535;
		uint8_t block[5] = {at + n == tar.size, (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)~n, (uint8_t)(~n >> 8)};

		rc = pb_buf_add(out, block, sizeof block);
		if (rc == PB_OK && n > 0)
			rc = pb_buf_add(out, tar.data + at, n);
	}
	return rc == PB_OK ? pb_buf_add(out, "\0\0\0\0\0\0\0", 8) : rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pb_pack_file file[2] = {{.path = (char *)(uintptr_t)"integrity/a.lua", .size = 1}, {.path = (char *)(uintptr_t)"pack.ini", .size = 2}};
	const pb_pack_files files = {file, 2, 3};
	pb_bytes text = {data + (size > 0), size - (size > 0)};
	pb_pack_ini ini;
	pb_buf archive = {0};
	size_t n = 0;
	int line;

	switch (size > 0 ? data[0] : 0) {
	case 'i':
		if (pb_pack_ini_parse(text, &ini, &line, NULL) == PB_OK && (!pb_pack_name_ok(ini.name) || !pb_pack_version_ok(ini.version)))
			abort();
		break;
	case 's':
		memset(file[0].sha256, '0', 64);
		memset(file[1].sha256, '1', 64);
		if (pb_pack_files_match(&files, text, NULL) == PB_OK && text.size != 2 * 67 + 15 + 8 + 2)
			abort();
		break;
	case 'z':
		(void)pb_unpack_pack(text, take, &n, NULL);
		break;
	default:
		if (wrap(text, &archive) == PB_OK)
			(void)pb_unpack_pack((pb_bytes){archive.data, archive.size}, take, &n, NULL);
		pb_buf_free(&archive);
	}
	return 0;
}
