/* A product's own file of any bytes, held against lists that name it: under each name by which a format is known. Without a trust root
 * nothing may come out verified by one. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "evidence/package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"a_1_all.deb", "a-1.noarch.rpm", "a-1.0.0.tgz", "a"};
	static const char sums[] = "Package: a\nFilename: pool/a_1_all.deb\nSHA256: 0000000000000000000000000000000000000000000000000000000000000000\n";
	json_t *roots = json_array(), *problems = json_array(), *row;
	pb_dossier_file files[2] = {{.name = "Packages", .bytes = {(const uint8_t *)sums, sizeof sums - 1}}, {.name = "other", .bytes = {data, size}}};
	pb_trust *trust = NULL;
	size_t k;

	for (size_t i = 0; i < 2; i++)
		(void)pb_sha256_of(files[i].bytes, files[i].sha256);
	if (pb_trust_open(roots, &trust, problems, NULL) != PB_OK)
		abort();
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		json_t *rows = json_array();

		if (pb_package_signatures(trust, files, 2, (pb_bytes){data, size}, names[i], 20778, rows, NULL) != PB_OK)
			abort();
		json_array_foreach (rows, k, row)
			if (strcmp(pb_json_str(row, "root", "?"), "") != 0)
				abort();
		json_decref(rows);
	}
	pb_trust_free(trust);
	json_decref(problems);
	json_decref(roots);
	return 0;
}
