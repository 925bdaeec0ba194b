/* The signature in a PE that is the product itself: Authenticode. */
#include <stdlib.h>
#include <string.h>

#include "base/authenticode.h"
#include "evidence/package_inside.h"
#include "evidence/signatures_inside.h"

int pb_package_pe(pb_package_job *j)
{
	pb_authenticode at;
	size_t before = json_array_size(j->rows);
	pb_pkcs7 *p;
	json_t *rows;
	int rc = PB_OK;

	if (j->product.size < 2 || memcmp(j->product.data, "MZ", 2) != 0 || !pb_authenticode_find(j->product, &at) || at.entry.size == 0)
		return PB_OK;
	p = calloc(1, sizeof *p);
	rows = json_array();
	if (p == NULL || rows == NULL)
		rc = pb_fail(j->err, PB_ENOMEM, "out of memory");
	else if (pb_pkcs7_read(at.entry, (pb_bytes){NULL, 0}, p) && p->image)
		rc = pb_signature_authenticode(j->trust, pb_slice(at.entry, 0, p->size), p, pb_authenticode_fits(j->product, &at, p), j->as_of, rows, j->err);
	free(p);
	if (rc != PB_OK) {
		json_decref(rows);
		return rc;
	}
	rc = pb_package_rows(j, "authenticode", "", rows, PB_NAMED_SO);
	for (size_t i = before; i < json_array_size(j->rows); i++)
		if (strstr(pb_json_str(json_array_get(j->rows, i), "why", ""), "does not hold for") != NULL)
			json_object_set_new(json_array_get(j->rows, i), "contradicts", json_true());
	return rc;
}
