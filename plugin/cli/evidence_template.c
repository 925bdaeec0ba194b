/* What a policy asks for, as files to fill in. Nothing that is there is written over. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/evidence.h"
#include "cli/lines.h"

/* Why this form: the policy's requirement that it serves; NULL: none. */
static const pb_required *wanted_by(const pb_evidence_options *o, const pb_form *f)
{
	for (size_t i = 0; o->policy && i < o->policy->n_required; i++)
		for (size_t k = 0; k < o->policy->required[i].n_catalogue; k++)
			if (pb_form_serves(f, o->policy->required[i].catalogue[k]))
				return &o->policy->required[i];
	return NULL;
}

static bool chosen(const pb_evidence_options *o, const pb_form *f)
{
	return f->file && (!o->policy || o->all || wanted_by(o, f));
}

static int how_to_sign(const pb_evidence_options *o, pb_buf *out)
{
	int rc = pb_buf_puts(out, "Signing\n-------\nA document counts by who signed it: the key's trust root says in which role. Whoever judges adds the public key with\n"
	                          "    probity trust add KEY.pub --role ROLE\n"
	                          "One key has one role. What nobody signed counts as self-declared: for less.\n\n"
	                          "With minisign (the signature lies beside the document, FILE.minisig):\n"
	                          "    minisign -G -p KEY.pub -s KEY.key\n"
	                          "    minisign -S -s KEY.key -m FILE\n"
	                          "With OpenPGP (FILE.asc beside the document):\n"
	                          "    gpg --armor --detach-sign FILE\n"
	                          "    gpg --armor --export KEYID > KEY.asc\n"
	                          "security.txt, within the file:\n"
	                          "    gpg --clearsign security.txt && mv security.txt.asc security.txt\n\n");
	for (size_t i = 0; !rc && o->policy && i < o->policy->n_required; i++) {
		const pb_required *r = &o->policy->required[i];
		bool form = false;

		for (size_t k = 0; k < pb_forms_count; k++)
			for (size_t n = 0; n < r->n_catalogue; n++)
				form = form || (pb_forms[k].file && pb_form_serves(&pb_forms[k], r->catalogue[n]));
		if (!form)
			rc = pb_buf_printf(out, "Asked for besides: %s. There is no form for it: sign the product's own file (minisign -S -m PRODUCT,\n"
			                        "gpg --armor --detach-sign PRODUCT), or in its format (debsig, rpmsign), and hand the signature in.\n\n",
			                   r->title);
	}
	return rc;
}

static int read_me(const pb_evidence_options *o, const pb_form_product *p, pb_buf *out)
{
	int rc = pb_buf_printf(out, "Evidence%s%s%s%s\n\nForms, to be filled in and signed. Where \"" PB_FORM_BLANK "\" or \"YYYY-MM-DD\" stands, something is wanted; what may be left\n"
	                            "out may be taken out. Delete the forms that you do not use. Then see what is still wrong:\n"
	                            "    probity evidence lint .%s%s%s\n\nFiles\n-----\n",
	                       *p->name ? " for " : "", p->name, *p->version ? " " : "", p->version, o->policy ? " --policy " : "",
	                       o->policy ? o->policy->name : "", " --product PRODUCT --trust DIR");

	for (size_t i = 0; !rc && i < pb_forms_count; i++) {
		const pb_form *f = &pb_forms[i];
		const pb_required *r = wanted_by(o, f);

		if (!chosen(o, f))
			continue;
		rc = pb_buf_printf(out, "%s\n    %s\n    %s%s%s%s\n", f->file, f->about, *f->role ? "To be signed by: role " : "Needs no signature", f->role,
		                   r ? ". The policy demands it: " : "", r ? r->title : "");
	}
	rc = rc ? rc : pb_buf_puts(out, "\n");
	return rc ? rc : how_to_sign(o, out);
}

/* 1: written; 0: it was there. */
static int write_new(const char *dir, const char *name, const pb_buf *text, pb_error *err)
{
	char *path = pb_fs_join(dir, name);
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666) : -1, rc = 1;

	if (!path)
		return PB_ENOMEM;
	if (fd < 0)
		rc = errno == EEXIST ? 0 : pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
	for (size_t at = 0; fd >= 0 && rc == 1 && at < text->size;) {
		ssize_t n = write(fd, text->data + at, text->size - at);

		if (n < 0 && errno != EINTR)
			rc = pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
		at += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0 && close(fd) < 0 && rc == 1)
		rc = pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
	free(path);
	return rc;
}

static int one(const pb_evidence_options *o, const char *file, const char *role, const char *says, const pb_buf *text, pb_error *err)
{
	int rc = o->output ? write_new(o->output, file, text, err) : 1;

	if (rc < 0)
		return rc;
	if (o->json)
		return pb_print_json(json_pack("{s:s,s:s,s:s,s:s}", "file", file, "role", role, "about", says, "state",
		                               !o->output ? "would be written" : rc ? "written" : "was there"))
		           ? PB_ENOMEM
		           : 0;
	pb_line(0, "%s%s%s%s", file, *role ? ", role " : "", role, !o->output ? "" : rc ? ": written" : ": was there, left as it is");
	if (!o->output)
		pb_line(4, "%s", says);
	return 0;
}

static int all(const pb_evidence_options *o, const pb_form_product *p, pb_error *err)
{
	pb_buf text = {0};
	int rc = 0;

	for (size_t i = 0; !rc && i < pb_forms_count; i++) {
		if (!chosen(o, &pb_forms[i]))
			continue;
		text.size = 0;
		rc = pb_form_text(&pb_forms[i], p, &text);
		rc = rc ? rc : one(o, pb_forms[i].file, pb_forms[i].role, pb_forms[i].about, &text, err);
	}
	text.size = 0;
	rc = rc ? rc : read_me(o, p, &text);
	rc = rc ? rc : one(o, "README.txt", "", "which file is for what, who signs it, and how", &text, err);
	pb_buf_free(&text);
	return rc;
}

int pb_evidence_template(const pb_evidence_options *o, const pb_evidence_asked *a)
{
	pb_form_product p = {pb_json_str(a->product, "name", ""), pb_json_str(a->product, "version", ""), pb_json_str(a->product, "sha256", "")};
	pb_error err = {0};
	int rc = 0;

	if (o->output && mkdir(o->output, 0777) < 0 && errno != EEXIST)
		rc = pb_fail(&err, PB_EIO, "%s: %s", o->output, strerror(errno));
	rc = rc ? rc : all(o, &p, &err);
	if (rc)
		pb_complain("%s", err.code ? err.text : "out of memory");
	else if (!o->output && !o->json)
		pb_note("-o DIR writes them");
	return rc ? PB_EXIT_ERROR : 0;
}
