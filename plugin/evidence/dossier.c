#include "evidence/dossier.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "evidence/dossier_files.h"
#include "evidence/package.h"
#include "evidence/signatures.h"

/* One that nobody looked into. */
static json_t *refused(const pb_dossier_item *item)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:[],s:s,s:s,s:s,s:{}}", "name", item->name, "kind", "unknown", "format", "", "state", "refused",
	                 "why", item->refused, "subjects", "issued", "", "expires", "", "by", "", "content");
}

static json_t *one_document(const pb_dossier_item *item, const pb_trust *trust, const pb_dossier_file *files, size_t n, size_t at,
                            int64_t as_of, pb_error *err)
{
	json_t *d = item->refused != NULL ? refused(item) : pb_document_read(item->name, item->file.bytes), *signatures = json_array();
	int rc = d == NULL || signatures == NULL ? PB_ENOMEM : PB_OK;

	if (rc == PB_OK && item->refused == NULL)
		rc = pb_signatures_of(trust, files, n, at, as_of, signatures, err);
	if (rc == PB_OK && (json_object_set_new(d, "name", json_string(item->name)) || json_object_set(d, "signatures", signatures) ||
	                    json_object_set_new(d, "sha256", json_string(item->file.sha256)) ||
	                    json_object_set_new(d, "size", json_integer((json_int_t)item->file.bytes.size))))
		rc = PB_ENOMEM;
	json_decref(signatures);
	if (rc == PB_OK)
		return d;
	json_decref(d);
	if (err->code == 0)
		(void)pb_fail(err, rc, "out of memory");
	return NULL;
}

/* Digests that subjects may give of the product: its SHA-256 the main process knows already. */
static json_t *digests(pb_bytes product)
{
	static const char *const names[] = {"sha512", "sha1", "md5"};
	json_t *out = json_object();

	for (size_t i = 0; i < sizeof names / sizeof *names && out != NULL; i++) {
		char hex[PB_HEX_MAX] = "";

		if (product.size > 0 && !pb_hash_hex(names[i], product, hex))
			hex[0] = '\0';
		if (json_object_set_new(out, names[i], json_string(hex)) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static int all_documents(const pb_dossier_input *in, const pb_trust *trust, const pb_dossier_files *f, json_t *documents, json_t *waivers,
                         json_t *packages, pb_error *err)
{
	pb_dossier_file *files = calloc(f->n + 1, sizeof *files);
	int rc = files != NULL ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");

	for (size_t i = 0; i < f->n && rc == PB_OK; i++) {
		files[i] = f->items[i].file;
		if (files[i].bytes.data == NULL)
			files[i].bytes = (pb_bytes){(const uint8_t *)"", 0};
	}
	for (size_t i = 0; i < f->n && rc == PB_OK; i++) {
		json_t *d = one_document(&f->items[i], trust, files, f->n, i, in->as_of, err);

		if (d == NULL)
			rc = err->code;
		else if (json_array_append_new(f->items[i].waivers ? waivers : documents, d))
			rc = pb_fail(err, PB_ENOMEM, "out of memory");
	}
	if (rc == PB_OK && in->product.size > 0)
		rc = pb_package_signatures(trust, files, f->n, in->product, in->product_name, in->as_of, packages, err);
	free(files);
	return rc;
}

int pb_dossier_read(const pb_dossier_input *in, json_t **out, pb_error *err)
{
	json_t *documents = json_array(), *waivers = json_array(), *problems = json_array(), *packages = json_array(), *roots = NULL;
	pb_dossier_files files = {0};
	pb_trust *trust = NULL;
	pb_error own = {0};
	int rc = documents && waivers && problems && packages ? PB_OK : PB_ENOMEM;

	*out = NULL;
	if (rc == PB_OK)
		rc = pb_trust_open(in->roots, &trust, problems, &own);
	if (rc == PB_OK)
		rc = pb_dossier_files_open(in, &files, problems, &own);
	if (rc == PB_OK)
		rc = all_documents(in, trust, &files, documents, waivers, packages, &own);
	if (rc == PB_OK && (roots = pb_trust_list(trust)) == NULL)
		rc = PB_ENOMEM;
	if (rc == PB_OK) {
		*out = json_pack("{s:s,s:O,s:O,s:O,s:O,s:O,s:o}", "schema", "probity-evidence/1", "documents", documents, "waivers", waivers,
		                 "problems", problems, "roots", roots, "package_signatures", packages, "product", digests(in->product));
		rc = *out != NULL ? PB_OK : PB_ENOMEM;
	}
	pb_dossier_files_free(&files);
	pb_trust_free(trust);
	json_decref(documents);
	json_decref(waivers);
	json_decref(problems);
	json_decref(packages);
	json_decref(roots);
	return rc == PB_OK ? rc : pb_fail(err, rc, "%s", own.code != 0 ? own.text : "out of memory");
}
