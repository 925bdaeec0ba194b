#include "evidence/forms.h"

#include <stdio.h>
#include <string.h>

const pb_form pb_forms[] = {
    {"sbom", "sbom.cdx.json", "vendor", false, "V-01 V-02",
     "Bill of materials: every component that the product holds, with its version and digest. Better made by the build than by hand: "
     "`npm sbom --sbom-format cyclonedx`, a CycloneDX plugin of your build tool, or an SPDX generator."},
    {"provenance", "provenance.intoto.json", "builder", true, "V-03",
     "Provenance (SLSA 1): which builder made these bytes, from which source. Build services write it by themselves."},
    {"rebuild", "rebuild.intoto.json", "builder", true, "V-04",
     "Rebuild: somebody else built it from the same source, and what came out is equal. Two independent ones are wanted."},
    {"security-txt", "security.txt", "", false, "V-06",
     "Whom to tell of a weakness (RFC 9116). It says less when unsigned: gpg --clearsign security.txt."},
    {"disclosure-policy", "disclosure-policy.json", "vendor", false, "V-07", "How weaknesses that others find are dealt with, and how fast you answer."},
    {"vex", "openvex.json", "vendor", false, "V-08", "Which known vulnerabilities of components do, or do not, affect the product, and why."},
    {"audit", "audit.json", "auditor", true, "V-09", "Audit by somebody else, who signs it: what was looked at, when, by what method."},
    {"penetration-test", "penetration-test.json", "auditor", true, "V-09", "Penetration test by somebody else, who signs it."},
    {"advisories", "provider-metadata.json", "vendor", false, "V-10", "Where your security advisories are (CSAF 2.0 provider metadata)."},
    {"source", "source.json", "vendor", false, "V-12", "Where the source of just this version is."},
    {"documentation", "documentation.json", "vendor", false, "V-14", "What an assessor needs: ports, accounts, data flow, end of support, declaration of conformity."},
    {"content-updates", "content-updates.json", "vendor", false, "V-15", "Rules and models that the product loads: version, digest, who signs them."},
    {"data-manifest", "data-manifest.json", "vendor", false, "D-22 D-25 D-26",
     "Which data, for what purpose, to whom, where, for how long; how telemetry is switched off."},
    {"declaration", "declaration.json", "vendor", false, "C-01 D-21", "Who answers for the product, where its privacy notice is, what you declare of it."},
    {"support-period", "support-period.json", "vendor", false, "C-03", "Until when there are updates."},
    {"commitment", "commitment.json", "vendor", false, "C-06", "Commitments that you have signed."},
    {"transparency", "transparency.json", "vendor", false, "C-08", "Report on requests of authorities, of the last twelve months."},
    {"capabilities", "capabilities.json", "vendor", false, "I-04 I-39", "What the product does on purpose: capabilities, ports it listens on, accounts."},
    {"response", "response.json", "vendor", false, "", "Your answers to findings of an earlier report."},
    {"osv", NULL, "", false, "V-08", "Snapshot of public records of vulnerabilities (OSV): `probity collect` fetches it."},
    {"changes", NULL, "distributor", false, "I-27", ""},
    {"dsc", NULL, "distributor", false, "I-27 V-12", ""},
    {"release", NULL, "distributor", false, "I-27", ""},
    {"waivers", NULL, "assessor", true, "", ""},
    {"opinion", NULL, "assessor", true, "", ""},
};
const size_t pb_forms_count = sizeof pb_forms / sizeof pb_forms[0];

const pb_form *pb_form_of(const char *kind)
{
	for (size_t i = 0; i < pb_forms_count; i++)
		if (strcmp(pb_forms[i].kind, kind) == 0)
			return &pb_forms[i];
	return NULL;
}

bool pb_form_serves(const pb_form *f, const char *row)
{
	size_t n = strlen(row);

	for (const char *at = f->rows; n > 0 && (at = strstr(at, row)) != NULL; at += n)
		if ((at == f->rows || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
			return true;
	return false;
}

static bool is_blank(const char *text)
{
	return text != NULL && (strstr(text, PB_FORM_BLANK) != NULL || strstr(text, PB_FORM_BLANK_WORD) != NULL);
}

/* where: the place of v, in a buffer that is as long for all. Records are at most 64 deep, which their reader saw to. */
static bool look(const json_t *v, char *where, size_t size)
{
	size_t n = strlen(where), i;
	const char *key;
	json_t *inner;

	if (json_is_string(v))
		return is_blank(json_string_value(v));
	json_object_foreach ((json_t *)(uintptr_t)v, key, inner) {
		(void)snprintf(where + n, size - n, ".%s", key);
		if (look(inner, where, size))
			return true;
	}
	json_array_foreach (v, i, inner) {
		(void)snprintf(where + n, size - n, "[%zu]", i);
		if (look(inner, where, size))
			return true;
	}
	where[n] = '\0';
	return false;
}

bool pb_form_unfilled(const json_t *record, char *out, size_t size)
{
	static const char *const parts[] = {"by", "subjects", "content"};

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		(void)snprintf(out, size, "%s", parts[i]);
		if (look(json_object_get(record, parts[i]), out, size))
			return true;
	}
	return false;
}
