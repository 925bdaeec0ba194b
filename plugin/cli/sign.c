/* `probity sign`: a report as a statement that others verify, with `probity verify`, or any tool that knows DSSE and in-toto. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/signed.h"

enum { REPORT_MAX = 32 << 20 };
#define STATEMENT "https://in-toto.io/Statement/v1"
#define PREDICATE "urn:probity:report:1"

static const char help_text[] =
	"Usage: probity sign REPORT.json --key KEYFILE [-o FILE]\n\n"
	"Signs one report, as `probity scan -f json` writes it: an in-toto statement\n"
	"about the product's SHA-256 (" PREDICATE ") in a DSSE envelope.\n\n"
	"  -s, --key KEYFILE      the secret key, of `probity pack key new` or minisign;\n"
	"                         its password is asked for\n"
	"  -o, --output FILE      the envelope goes there instead of to standard output\n"
	"  -h, --help             this text\n\n"
	"Exit status: 0 signed; 2 error.\n";

static const struct option long_options[] = {
	{"key", required_argument, NULL, 's'}, {"output", required_argument, NULL, 'o'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};

static bool is_sha256(const char *s)
{
	return strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64;
}

/* Is it a report, byte for byte as one is written? Otherwise two would read one signature in two ways. */
static int look_at(const char *file, const pb_buf *text, const json_t *report, pb_error *err)
{
	static const char *const parts[] = {"product", "assessment", "checks", "findings", "limits"};
	char *again = pb_json_canonical(report);
	size_t n = text->size > 0 && text->data[text->size - 1] == '\n' ? text->size - 1 : text->size;
	bool same = again != NULL && strlen(again) == n && memcmp(again, text->data, n) == 0;
	const json_t *product = json_object_get(report, "product");

	if (again == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	free(again);
	if (strcmp(pb_json_str(report, "schema", ""), "probity-report/1") != 0)
		return pb_fail(err, PB_EINPUT, "%s: not a report (probity-report/1): `probity scan -f json -o FILE PRODUCT` writes one", file);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (json_object_get(report, parts[i]) == NULL)
			return pb_fail(err, PB_EINPUT, "%s: a report without \"%s\"", file, parts[i]);
	if (*pb_json_str(product, "name", "") == '\0' || !is_sha256(pb_json_str(product, "sha256", "")))
		return pb_fail(err, PB_EINPUT, "%s: a report of a product without a name or a SHA-256", file);
	if (!same)
		return pb_fail(err, PB_EINPUT, "%s: not as it was written: a report is signed in its canonical form only", file);
	return PB_OK;
}

/* The statement's canonical text; NULL: no memory. */
static char *statement_of(json_t *report)
{
	const json_t *product = json_object_get(report, "product");
	json_t *value = json_pack("{s:s,s:[{s:s,s:{s:s}}],s:s,s:O}", "_type", STATEMENT, "subject", "name", pb_json_str(product, "name", ""), "digest",
	                          "sha256", pb_json_str(product, "sha256", ""), "predicateType", PREDICATE, "predicate", report);
	char *text = value != NULL ? pb_json_canonical(value) : NULL;

	json_decref(value);
	return text;
}

static int sign(const char *file, const char *keyfile, const char *to, pb_error *err)
{
	pb_buf text = {0};
	json_t *report = NULL;
	char *statement = NULL;
	int rc = pb_fs_read(file, REPORT_MAX, &text, err);

	if (rc == PB_OK) {
		report = pb_json_parse((pb_bytes){text.data, text.size}, REPORT_MAX, file, err);
		rc = report != NULL ? look_at(file, &text, report, err) : PB_EINPUT;
	}
	if (rc == PB_OK) {
		statement = statement_of(report);
		rc = statement != NULL ? pb_signed_write(PB_DSSE_INTOTO, (pb_bytes){(const uint8_t *)statement, strlen(statement)}, keyfile, to, err) :
		                         pb_fail(err, PB_ENOMEM, "out of memory");
	}
	free(statement);
	json_decref(report);
	pb_buf_free(&text);
	return rc;
}

int pb_cli_sign(int argc, char **argv)
{
	const char *key = NULL, *to = NULL;
	pb_error err = {0};
	int c;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":s:o:h", long_options, NULL)) != -1) {
		switch (c) {
		case 's':
			key = optarg;
			break;
		case 'o':
			to = optarg;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("sign", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("sign", "no option \"%s\"", argv[optind - 1]);
		}
	}
	if (optind + 1 != argc)
		return pb_usage_error("sign", "name one report");
	if (key == NULL)
		return pb_usage_error("sign", "--key names the file of the secret key");
	if (sign(argv[optind], key, to, &err) == PB_OK)
		return 0;
	pb_complain("%s", err.text);
	return PB_EXIT_ERROR;
}
