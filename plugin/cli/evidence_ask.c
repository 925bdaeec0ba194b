/* The dossier as the boxed role reads it, and the product as far as it is named. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "cli/assess.h"
#include "cli/cli.h"
#include "cli/evidence.h"
#include "keeper/evidence.h"

static json_t *identity(const json_t *product)
{
	return json_pack("{s:s,s:s,s:s,s:I}", "name", pb_json_str(product, "name", ""), "version", pb_json_str(product, "version", ""), "sha256",
	                 pb_json_str(product, "sha256", ""), "size", (json_int_t)pb_json_int(product, "size", 0));
}

/* Of the product that a report is of. */
static int from_report(const char *file, json_t **product, pb_error *err)
{
	pb_buf text = {0};
	json_t *report = NULL;
	const json_t *p;
	int rc = pb_fs_read(file, PB_EVIDENCE_REPORT_MAX, &text, err);

	if (!rc)
		report = pb_json_parse((pb_bytes){text.data, text.size}, PB_EVIDENCE_REPORT_MAX, file, err);
	p = json_object_get(report, "product");
	if (!rc && !report)
		rc = PB_EINPUT;
	else if (!rc && (strcmp(pb_json_str(report, "schema", ""), "probity-report/1") != 0 || !*pb_json_str(p, "name", "")))
		rc = pb_fail(err, PB_EINPUT, "%s: not a report of `probity scan -f json`", file);
	if (!rc) {
		*product = identity(p);
		rc = *product ? 0 : PB_ENOMEM;
	}
	pb_buf_free(&text);
	json_decref(report);
	return rc;
}

static int ask(pb_assessor *a, const pb_evidence_options *o, const pb_dossier *d, pb_evidence_asked *out, pb_error *err)
{
	struct stat st;
	bool file = o->product && stat(o->product, &st) == 0 && S_ISREG(st.st_mode);
	int fd = file ? open(o->product, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
	int input = pb_dossier_send(d, pb_json_str(out->product, "name", ""), pb_json_str(out->product, "sha256", ""),
	                            (uint64_t)pb_json_int(out->product, "size", 0), o->as_of, err);
	int rc = input < 0 ? PB_EIO : pb_keeper_evidence(&a->keeper, input, fd, &out->evidence, err);

	if (input >= 0)
		close(input);
	if (fd >= 0)
		close(fd);
	return rc;
}

int pb_evidence_ask(const pb_evidence_options *o, pb_evidence_asked *out, pb_error *err)
{
	pb_assessor a;
	pb_assessor_options options = {.database = o->database, .without_cache = true, .without_engine = o->product == NULL, .silent = true, .as_of = o->as_of,
	                               .interrupted = &pb_interrupted};
	pb_dossier *d = NULL;
	json_t *regions = NULL;
	bool opened = false;
	int rc = o->report ? from_report(o->report, &out->product, err) : 0;

	if (!rc && o->policy && pb_policy_regions(o->policy, &regions))
		rc = PB_ENOMEM;
	rc = rc ? rc : pb_dossier_open(&o->handed_in, &d, err);
	if (!rc && (d || o->product)) {
		rc = pb_assessor_open(&options, &a, err);
		opened = !rc;
	}
	if (!rc && o->product) {
		a.dossier = d;
		a.regions = regions;
		rc = pb_assess(&a, o->product, &out->result, err);
		if (!rc && !(out->product = identity(json_object_get(out->result, "product"))))
			rc = PB_ENOMEM;
	}
	if (!rc && d)
		rc = ask(&a, o, d, out, err);
	if (opened)
		pb_assessor_close(&a);
	pb_dossier_close(d);
	json_decref(regions);
	return rc;
}

void pb_evidence_asked_free(pb_evidence_asked *a)
{
	json_decref(a->product);
	json_decref(a->result);
	json_decref(a->evidence);
	*a = (pb_evidence_asked){0};
}
