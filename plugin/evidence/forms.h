/* Documents of evidence as forms to fill in: what each kind is for, who has to sign it, and one with the blanks marked. */
#ifndef PROBITY_EVIDENCE_FORMS_H
#define PROBITY_EVIDENCE_FORMS_H

#include "base/buf.h"
#include "base/json.h"

/* What stands in every blank of a form that a reader would take. Days, digests and numbers are such that it refuses them. */
#define PB_FORM_BLANK "FILL IN"
#define PB_FORM_BLANK_WORD "FILL-IN" /* where no blank may stand */

typedef struct pb_form {
	const char *kind;  /* of the document's record */
	const char *file;  /* what to call it; NULL: there is no form, about says how to get one */
	const char *role;  /* of the trust root by which its signature counts; "": it needs none */
	bool strict;       /* only that role's signature counts */
	const char *rows;  /* of the catalogue that it serves, parted by blanks; "" */
	const char *about; /* for people */
} pb_form;

extern const pb_form pb_forms[];
extern const size_t pb_forms_count;

/* By kind; NULL: it has no row. */
const pb_form *pb_form_of(const char *kind);
bool pb_form_serves(const pb_form *f, const char *row);

/* What the form is about, "" where unknown; display form. */
typedef struct pb_form_product {
	const char *name, *version, *sha256;
} pb_form_product;

/* The form as text. The reader of its kind knows it, and refuses it as long as a day stands unfilled. 0, PB_ENOMEM; PB_EINPUT: there is none. */
int pb_form_text(const pb_form *f, const pb_form_product *p, pb_buf *out);

/* Where in a record (pb_document_read) a blank still stands: "content.purposes[0]" into out. false: nowhere. */
bool pb_form_unfilled(const json_t *record, char *out, size_t size);

#endif
