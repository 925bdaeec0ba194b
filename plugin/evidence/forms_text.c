/* The forms themselves. */
#include <stdlib.h>
#include <string.h>

#include "evidence/forms.h"
#include "evidence/statement_types.h"

#define DAY "YYYY-MM-DD"
#define TIME DAY "T00:00:00Z"

/* What is wanted in a blank, where its name does not say it. */
static const struct {
	const char *field, *hint;
} hints[] = {
    {"by", "who states this"},
    {"auditor", "who audited"},
    {"products", "names of products"},
    {"versions", "versions that it holds for"},
    {"scope", "what was looked at"},
    {"method", "\"source review\", \"SOC 2 type II\", ..."},
    {"entity", "the name of who is accountable"},
    {"country", "two letters"},
    {"contact", "an address of mail, or a URL"},
    {"privacy_notice", "its URL"},
    {"conformity", "\"EU 2024/2847\", ..."},
    {"text", "in your own words"},
    {"names", "\"Paris Call\", ..."},
    {"purposes", "what data are processed for"},
    {"categories", "which data: \"crash reports\", \"addresses of mail\", ..."},
    {"host", "a name as in the product"},
    {"region", "\"DE\", \"EU\", \"aws:eu-central-1\""},
    {"regions", "\"DE\", \"EU\", \"aws:eu-central-1\""},
    {"legal_basis", "\"GDPR 6(1)(b)\", ..."},
    {"retention", "how long data are kept"},
    {"deletion", "how they are deleted, and on whose word"},
    {"switch", "how it is switched off"},
    {"capabilities", "\"net-connect\", \"listen\", ..., or \"none\""},
    {"accounts", "accounts that it makes or needs"},
    {"check", "the check, as the report calls it"},
    {"key", "the finding's key"},
    {"says", "your answer"},
    {"policy", "its URL"},
    {"repository", "its URL"},
    {"revision", "the commit"},
    {"archive", "the URL of an archive of the source"},
    {"signed_by", "whose key"},
};

static json_t *blank(const char *field, bool must)
{
	const char *hint = field;

	for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
		if (strcmp(hints[i].field, field) == 0)
			hint = hints[i].hint;
	return json_sprintf(PB_FORM_BLANK "%s: %s", must ? "" : " or take out", hint);
}

static json_t *object_of(const pb_field *fields, const pb_form_product *p);

/* "opt-in|opt-out|none": no word that its reader takes */
static json_t *words_of(const pb_field *words)
{
	pb_buf text = {0};
	json_t *out = NULL;
	int rc = 0;

	for (const pb_field *w = words; w->form != PB_FIELD_END; w++)
		rc = rc ? rc : pb_buf_printf(&text, "%s%s", w == words ? "" : "|", w->name);
	if (!rc && text.data != NULL)
		out = json_string((const char *)text.data);
	pb_buf_free(&text);
	return out;
}

static json_t *texts_of(const pb_field *f, const pb_form_product *p)
{
	if (strcmp(f->name, "products") == 0 && p->name[0] != '\0')
		return json_pack("[s]", p->name);
	if (strcmp(f->name, "versions") == 0 && p->version[0] != '\0')
		return json_pack("[s]", p->version);
	return json_pack("[o]", f->form == PB_FIELD_SLUGS ? json_string(PB_FORM_BLANK_WORD) : blank(f->name, f->must));
}

static json_t *value_of(const pb_field *f, const pb_form_product *p)
{
	switch (f->form) {
	case PB_FIELD_TEXT:
		return strcmp(f->name, "version") == 0 && p->version[0] != '\0' ? json_string(p->version) : blank(f->name, f->must);
	case PB_FIELD_DAY:
		return json_string(DAY);
	case PB_FIELD_SHA256:
		return json_string(PB_FORM_BLANK_WORD);
	case PB_FIELD_TEXTS:
	case PB_FIELD_SLUGS:
		return texts_of(f, p);
	case PB_FIELD_ROWS:
		return json_pack("[o]", object_of(f->row, p));
	case PB_FIELD_OBJECT:
		return object_of(f->row, p);
	case PB_FIELD_ONE_OF:
		return words_of(f->row);
	default: /* numbers, true or false: absent until filled in */
		return json_null();
	}
}

static json_t *object_of(const pb_field *fields, const pb_form_product *p)
{
	json_t *out = json_object();

	for (const pb_field *f = fields; out != NULL && f->form != PB_FIELD_END; f++)
		if (json_object_set_new(out, f->name, value_of(f, p)) != 0) {
			json_decref(out);
			out = NULL;
		}
	return out;
}

/* A product's name and digest, as far as known. */
static json_t *subject(const pb_form_product *p, const char *digest)
{
	json_t *out = json_pack("{s:s}", "name", p->name[0] != '\0' ? p->name : PB_FORM_BLANK);

	if (out != NULL && digest != NULL && (p->sha256[0] != '\0' || strcmp(digest, "digest") == 0)) {
		const char *hex = p->sha256[0] != '\0' ? p->sha256 : PB_FORM_BLANK_WORD;

		json_object_set_new(out, digest, strcmp(digest, "digest") == 0 ? json_pack("{s:s}", "sha256", hex) : json_string(hex));
	}
	return out;
}

/* What a supplier says of itself is about no product. */
static bool of_supplier(const char *type)
{
	static const char *const types[] = {"transparency", "commitment", "disclosure-policy", "declaration"};

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcmp(types[i], type) == 0)
			return true;
	return false;
}

static json_t *statement(const pb_form *f, const pb_form_product *p)
{
	json_t *out = json_pack("{s:s,s:s,s:s,s:s,s:o}", "schema", "probity-statement/1", "type", f->kind, "issued", DAY, "expires", DAY, "by",
	                        blank("by", true));

	if (out != NULL && !of_supplier(f->kind))
		json_object_set_new(out, "subjects", json_pack("[o]", subject(p, "sha256")));
	for (size_t i = 0; out != NULL && i < pb_statement_types_count; i++)
		if (strcmp(pb_statement_types[i].type, f->kind) == 0)
			json_object_set_new(out, "content", object_of(pb_statement_types[i].fields, p));
	return out;
}

static json_t *sbom(const pb_form *f, const pb_form_product *p)
{
	json_t *root = json_pack("{s:s,s:s,s:s}", "type", "application", "name", p->name[0] != '\0' ? p->name : PB_FORM_BLANK, "version",
	                         p->version[0] != '\0' ? p->version : PB_FORM_BLANK);

	(void)f;
	if (root != NULL && p->sha256[0] != '\0')
		json_object_set_new(root, "hashes", json_pack("[{s:s,s:s}]", "alg", "SHA-256", "content", p->sha256));
	return json_pack("{s:s,s:s,s:i,s:{s:s,s:o},s:[{s:s,s:s,s:s,s:s}]}", "bomFormat", "CycloneDX", "specVersion", "1.5", "version", 1, "metadata",
	                 "timestamp", TIME, "component", root, "components", "type", "library", "name", PB_FORM_BLANK, "version", PB_FORM_BLANK, "purl",
	                 "pkg:" PB_FORM_BLANK_WORD);
}

static json_t *in_toto(const pb_form_product *p, const char *type, json_t *predicate)
{
	return json_pack("{s:s,s:[o],s:s,s:o}", "_type", "https://in-toto.io/Statement/v1", "subject", subject(p, "digest"), "predicateType", type,
	                 "predicate", predicate);
}

static json_t *provenance(const pb_form *f, const pb_form_product *p)
{
	(void)f;
	return in_toto(p, "https://slsa.dev/provenance/v1",
	               json_pack("{s:{s:s,s:{},s:[{s:s,s:{s:s}}]},s:{s:{s:s},s:{s:s,s:s}}}", "buildDefinition", "buildType",
	                         "https://" PB_FORM_BLANK_WORD "/build-type", "externalParameters", "resolvedDependencies", "uri",
	                         "git+https://" PB_FORM_BLANK_WORD, "digest", "gitCommit", PB_FORM_BLANK_WORD, "runDetails", "builder", "id",
	                         "https://" PB_FORM_BLANK_WORD "/builder", "metadata", "startedOn", TIME, "finishedOn", TIME));
}

static json_t *rebuild(const pb_form *f, const pb_form_product *p)
{
	(void)f;
	return in_toto(p, "urn:probity:rebuild:1", json_pack("{s:s,s:s,s:s,s:s,s:s}", "builder", "https://" PB_FORM_BLANK_WORD "/rebuilder", "result",
	                                                     "equal", "date", DAY, "source", PB_FORM_BLANK, "version",
	                                                     p->version[0] != '\0' ? p->version : PB_FORM_BLANK));
}

static json_t *vex(const pb_form *f, const pb_form_product *p)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
	bool known = p->name[0] != '\0' && strspn(p->name, plain) == strlen(p->name) && strspn(p->version, plain) == strlen(p->version);
	json_t *id = known ? json_sprintf("pkg:generic/%s%s%s", p->name, p->version[0] != '\0' ? "@" : "", p->version)
	                   : json_string("pkg:generic/" PB_FORM_BLANK_WORD);

	(void)f;
	return json_pack("{s:s,s:s,s:s,s:s,s:i,s:[{s:{s:s},s:[{s:o}],s:s,s:s,s:s}]}", "@context", "https://openvex.dev/ns/v0.2.0", "@id",
	                 "https://" PB_FORM_BLANK_WORD "/vex/1", "author", PB_FORM_BLANK, "timestamp", TIME, "version", 1, "statements",
	                 "vulnerability", "name", "CVE-" PB_FORM_BLANK_WORD, "products", "@id", id, "status", "not_affected", "justification",
	                 "vulnerable_code_not_present", "impact_statement", PB_FORM_BLANK ": why it is so");
}

static json_t *provider(const pb_form *f, const pb_form_product *p)
{
	(void)f;
	(void)p;
	return json_pack("{s:s,s:[{s:s}],s:s,s:b,s:b,s:s,s:[{s:s,s:s}],s:{s:s,s:s,s:s},s:s}", "canonical_url",
	                 "https://" PB_FORM_BLANK_WORD "/.well-known/csaf/provider-metadata.json", "distributions", "directory_url",
	                 "https://" PB_FORM_BLANK_WORD "/.well-known/csaf/", "last_updated", TIME, "list_on_CSAF_aggregators", true,
	                 "mirror_on_CSAF_aggregators", true, "metadata_version", "2.0", "public_openpgp_keys", "fingerprint", PB_FORM_BLANK_WORD, "url",
	                 "https://" PB_FORM_BLANK_WORD "/key.asc", "publisher", "category", "vendor", "name", PB_FORM_BLANK, "namespace",
	                 "https://" PB_FORM_BLANK_WORD, "role", "csaf_provider");
}

static const char security_txt[] = "# RFC 9116. A URI: mailto:, tel: or https:\n"
                                   "Contact: mailto:" PB_FORM_BLANK_WORD "\n"
                                   "# At most a year ahead\n"
                                   "Expires: " TIME "\n"
                                   "Preferred-Languages: en\n";

static const struct {
	const char *kind;
	json_t *(*make)(const pb_form *f, const pb_form_product *p);
} makers[] = {{"sbom", sbom}, {"provenance", provenance}, {"rebuild", rebuild}, {"vex", vex}, {"advisories", provider}};

int pb_form_text(const pb_form *f, const pb_form_product *p, pb_buf *out)
{
	json_t *(*make)(const pb_form *, const pb_form_product *) = statement;
	json_t *json;
	char *text;
	int rc;

	if (f->file == NULL)
		return PB_EINPUT;
	if (strcmp(f->kind, "security-txt") == 0)
		return pb_buf_puts(out, security_txt);
	for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++)
		if (strcmp(makers[i].kind, f->kind) == 0)
			make = makers[i].make;
	json = make(f, p);
	text = json != NULL ? json_dumps(json, JSON_INDENT(2)) : NULL;
	rc = text != NULL ? pb_buf_puts(out, text) : PB_ENOMEM;
	rc = rc ? rc : pb_buf_puts(out, "\n");
	free(text);
	json_decref(json);
	return rc;
}
