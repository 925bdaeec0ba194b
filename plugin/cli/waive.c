/* `probity waive`: a waiver for a finding of a report, to be signed by an assessor. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/log.h"
#include "cli/cli.h"
#include "report/reread.h"

enum { REPORT_MAX = 256 << 20, TEXT_MAX = 1000 };

static const char help_text[] =
    "Usage: probity waive REPORT --check ID [--key KEY] --reason TEXT --expires DATE\n"
    "                     --owner NAME [-o FILE]\n"
    "A waiver of one finding in REPORT (`probity scan -f json`): it is known, borne for this\n"
    "reason until that day, in these bytes. One row is written for each object that the finding\n"
    "is in. It counts once a trust root with the role assessor has signed it (minisign, gpg),\n"
    "in `probity scan --waivers FILE`, and lowers the finding's certainty to 20 %, no more.\n\n"
    "      --check ID       the check\n"
    "      --key KEY        the finding's evidence key; not needed where the check has one finding\n"
    "      --reason TEXT    why it is borne\n"
    "      --expires DATE   the last day, YYYY-MM-DD\n"
    "      --owner NAME     who answers for it\n"
    "      --issued DATE    default: today, UTC\n"
    "  -o, --output FILE    default: standard output\n"
    "  -h, --help           this text\n\n"
    "Exit status: 0 written, 2 error.\n";

typedef struct waive {
	const char *check, *key, *reason, *owner, *output;
	int64_t expires, issued;
} waive;

enum { OPT_CHECK = 256, OPT_KEY, OPT_REASON, OPT_EXPIRES, OPT_OWNER, OPT_ISSUED };
static const struct option long_options[] = {{"check", required_argument, NULL, OPT_CHECK},     {"key", required_argument, NULL, OPT_KEY},
                                             {"reason", required_argument, NULL, OPT_REASON},   {"expires", required_argument, NULL, OPT_EXPIRES},
                                             {"owner", required_argument, NULL, OPT_OWNER},     {"issued", required_argument, NULL, OPT_ISSUED},
                                             {"output", required_argument, NULL, 'o'},          {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

static const char **text_of(waive *w, int c)
{
	switch (c) {
	case OPT_CHECK:
		return &w->check;
	case OPT_KEY:
		return &w->key;
	case OPT_REASON:
		return &w->reason;
	case OPT_OWNER:
		return &w->owner;
	case 'o':
		return &w->output;
	default:
		return NULL;
	}
}

/* -1: go on; otherwise the exit status. */
static int read_options(waive *w, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":o:h", long_options, NULL)) != -1) {
		const char **slot = text_of(w, c);
		if (slot)
			*slot = optarg;
		else if (c == OPT_EXPIRES || c == OPT_ISSUED) {
			if (!pb_date_parse(optarg, c == OPT_EXPIRES ? &w->expires : &w->issued))
				return pb_usage_error("waive", "%s \"%s\": not a date like 2026-11-21", c == OPT_EXPIRES ? "--expires" : "--issued", optarg);
		} else if (c == 'h') {
			fputs(help_text, stdout);
			return 0;
		} else
			return pb_usage_error("waive", c == ':' ? "%s needs a value" : "no option \"%s\"", argv[optind - 1]);
	}
	if (optind + 1 != argc)
		return pb_usage_error("waive", "name one report");
	if (!w->check || !w->reason || w->expires < 0 || !w->owner)
		return pb_usage_error("waive", "--%s is missing", !w->check ? "check" : !w->reason ? "reason" : !w->owner ? "owner" : "expires");
	if (!w->reason[strspn(w->reason, " \t\r\n")] || strlen(w->reason) > TEXT_MAX)
		return pb_usage_error("waive", "--reason: a reason of at most %d bytes is wanted", TEXT_MAX);
	return w->expires < w->issued ? pb_usage_error("waive", "--expires: that day is past") : -1;
}

static int load(const char *file, json_t **out, pb_error *err)
{
	pb_buf text = {0};
	int rc = pb_fs_read(file, REPORT_MAX, &text, err);
	*out = rc ? NULL : pb_json_parse((pb_bytes){text.data, text.size}, REPORT_MAX, file, err);
	pb_buf_free(&text);
	return rc ? rc : *out ? 0 : PB_EINPUT;
}

/* The check's one finding, or that with the key. */
static const pb_finding *choose(const waive *w, const pb_product_result *r, pb_error *err)
{
	const pb_finding *hit = NULL;
	size_t n = 0;
	for (size_t i = 0; i < r->n_findings && w->check; i++) {
		const pb_finding *f = &r->findings[i];
		if (strcmp(r->checks[f->check].id, w->check) != 0 || (w->key && strcmp(f->key, w->key) != 0))
			continue;
		hit = f;
		n++;
	}
	if (n == 1 || (n > 1 && w->key)) /* of several with one key each is meant: a waiver is bound to the key */
		return hit;
	if (n)
		pb_fail(err, PB_EINPUT, "%s has %zu findings in this report: --key says which", w->check, n);
	else
		pb_fail(err, PB_EINPUT, "%s has no %sfinding%s%s in this report", w->check, w->key ? "such " : "", w->key ? " with the key " : "", w->key ? w->key : "");
	return NULL;
}

/* Each object once. */
static int add_rows(const waive *w, const pb_finding *f, json_t *rows, pb_error *err)
{
	json_t *seen = json_object();
	const json_t *record;
	char day[11];
	size_t i;
	int rc = seen ? 0 : PB_ENOMEM;
	pb_date_format(w->expires, day);
	json_array_foreach (f->evidence, i, record) {
		const char *sha256 = pb_json_str(record, "sha256", "");
		if (!rc && !*sha256)
			rc = pb_fail(err, PB_EINPUT, "the finding is about something that has no bytes (a folder, a link): it cannot be waived");
		if (rc || json_object_get(seen, sha256))
			continue;
		rc = json_object_set_new(seen, sha256, json_true()) ||
		             json_array_append_new(rows, json_pack("{s:s,s:s,s:s,s:s,s:s}", "check", w->check, "key", f->key, "sha256", sha256, "reason", w->reason,
		                                                   "expires", day))
		         ? PB_ENOMEM
		         : 0;
	}
	if (!rc && f->places > (int64_t)json_array_size(f->evidence))
		rc = pb_fail(err, PB_EINPUT, "the finding is in %lld places, of which the report names %zu: it cannot be waived", (long long)f->places,
		             json_array_size(f->evidence));
	json_decref(seen);
	return rc;
}

static int write_out(const waive *w, const json_t *rows, pb_error *err)
{
	char day[11];
	pb_date_format(w->issued, day);
	json_t *out = json_pack("{s:s,s:s,s:s,s:O}", "schema", "probity-waivers/1", "owner", w->owner, "issued", day, "waivers", rows);
	char *text = out ? json_dumps(out, JSON_INDENT(1) | JSON_SORT_KEYS) : NULL;
	pb_buf line = {0};
	int rc = text ? pb_buf_printf(&line, "%s\n", text) : pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc && w->output)
		rc = pb_fs_write(w->output, line.data, line.size, err);
	else if (!rc && (fwrite(line.data, 1, line.size, stdout) != line.size || fflush(stdout)))
		rc = pb_fail(err, PB_EIO, "standard output cannot be written");
	pb_buf_free(&line);
	free(text);
	json_decref(out);
	return rc;
}

int pb_cli_waive(int argc, char **argv)
{
	waive w = {.expires = -1, .issued = pb_date_today()};
	pb_error err = {0};
	json_t *report = NULL, *rows = json_array();
	pb_reread *r = NULL;
	int rc = read_options(&w, argc, argv);
	if (rc >= 0) {
		json_decref(rows);
		return rc;
	}
	rc = load(argv[optind], &report, &err);
	if (!rc) {
		r = calloc(1, sizeof *r);
		rc = r && rows ? pb_report_read(report, r, &err) : PB_ENOMEM;
	}
	const pb_finding *f = rc ? NULL : choose(&w, &r->result, &err);
	rc = rc ? rc : f ? add_rows(&w, f, rows, &err) : PB_EINPUT;
	rc = rc ? rc : write_out(&w, rows, &err);
	if (rc)
		pb_complain("%s", err.code ? err.text : "out of memory");
	else if (w.output)
		pb_note("%s counts once an assessor has signed it: minisign -S -m %s", w.output, w.output);
	if (r)
		pb_reread_free(r);
	free(r);
	json_decref(rows);
	json_decref(report);
	return rc ? PB_EXIT_ERROR : 0;
}
