/* Certificates that came with signatures of any bytes: bundles, CMS, programs. The only root is a CA whose key nobody kept, so none may come out by it. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "evidence/package.h"
#include "evidence/signatures.h"

static const char ca[] = "-----BEGIN CERTIFICATE-----\n"
	                          "MIIBbjCCARSgAwIBAgITLiI+SXaE7jDO1bopY191DLeM1DAKBggqhkjOPQQDAjAM\n"
	                          "MQowCAYDVQQDDAFmMCAXDTI2MTEyMjE4NTEyOVoYDzIxMjYxMDI5MTg1MTI5WjAM\n"
	                          "MQowCAYDVQQDDAFmMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMgvdRs5gBGIi\n"
	                          "thkIvhFrU2yfnkld3STwFo0LPNU4uJ2wyjViHj7bTjhKub6O1TB6Ej6mDlvb4RQ3\n"
	                          "Zey3aXnbIaNTMFEwHQYDVR0OBBYEFG+x9MP+5ZRQsOfuBmLSCmb2e7lQMB8GA1Ud\n"
	                          "IwQYMBaAFG+x9MP+5ZRQsOfuBmLSCmb2e7lQMA8GA1UdEwEB/wQFMAMBAf8wCgYI\n"
	                          "KoZIzj0EAwIDSAAwRQIgNgK00chui4pnAJigT03SLKbU059pu59NqY3Vw9/q03gC\n"
	                          "IQDU3JJp0uOI2FWuF/i81b/hpOivDoyL63XVkuSLizvmOA==\n"
	                          "-----END CERTIFICATE-----\n";

static pb_trust *trust_of(const char *role, const char *scope)
{
	json_t *roots = json_pack("[{s:s,s:s,s:s,s:[s]}]", "name", "ca", "role", role, "text", ca, "scope", scope);
	pb_trust *t = NULL;

	if (pb_trust_open(roots, &t, NULL, NULL) != PB_OK || pb_trust_count(t) != 1)
		abort();
	json_decref(roots);
	return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char content[] = "some bytes\n";
	pb_dossier_file files[2] = {{.name = "a", .bytes = {(const uint8_t *)content, sizeof content - 1}}, {.name = "a.p7s", .bytes = {data, size}}};
	pb_trust *trusts[] = {trust_of("builder", "**"), trust_of("vendor", "timestamp")};
	json_t *row;
	size_t k;

	for (size_t i = 0; i < 2; i++)
		(void)pb_sha256_of(files[i].bytes, files[i].sha256);
	for (size_t i = 0; i < 2; i++) {
		json_t *rows = json_array();

		if (pb_signatures_of(trusts[i], files, 2, 0, 20778, rows, NULL) != PB_OK || pb_signatures_of(trusts[i], files, 2, 1, 20778, rows, NULL) != PB_OK ||
		    pb_package_signatures(trusts[i], files, 2, (pb_bytes){data, size}, "a", 20778, rows, NULL) != PB_OK)
			abort();
		json_array_foreach (rows, k, row)
			if (strcmp(pb_json_str(row, "root", "?"), "") != 0)
				abort();
		json_decref(rows);
		pb_trust_free(trusts[i]);
	}
	return 0;
}
