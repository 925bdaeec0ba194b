/* `probity doctor`: a preload that does not load, and a socket that is not reached, fail silently. So look, and try. */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/admin.h"
#include "cli/cli.h"
#include "cli/doctor.h"

static const char help_text[] =
	"Usage: probity doctor [OPTIONS]\n"
	"Looks whether Probity works inside clamd: versions, configuration, rules, socket, store,\n"
	"kernel, database, plugin; then has clamd scan a harmless file and looks for its report.\n\n"
	"  -f, --format FORMAT     text (default) or json\n"
	"      --socket PATH       probityd's socket (default: $PROBITY_SOCKET, else\n"
	"                          /run/probity/probityd.sock)\n"
	"      --clamd-socket PATH clamd's socket (default: LocalSocket of /etc/clamav/clamd.conf)\n"
	"  -h, --help              this text\n\n"
	"Exit status: 0 all is well, 1 something is off, 2 something could not be looked at.\n";

static const char *const healths[] = {"ok", "warning", "failed", "not seen"};

void pb_doctor_say(pb_doctor *d, const char *name, pb_health health, const char *todo, const char *fmt, ...)
{
	pb_doctor_row *r = &d->rows[d->n];
	va_list ap;

	if (d->n == PB_DOCTOR_ROWS)
		return;
	d->n++;
	r->name = name;
	r->health = health;
	(void)snprintf(r->todo, sizeof r->todo, "%s", todo);
	va_start(ap, fmt);
	(void)vsnprintf(r->text, sizeof r->text, fmt, ap);
	va_end(ap);
}

static int exit_status(const pb_doctor *d)
{
	int status = 0;

	for (size_t i = 0; i < d->n; i++) {
		if (d->rows[i].health == PB_HEALTH_WARNING || d->rows[i].health == PB_HEALTH_FAILED)
			return 1;
		if (d->rows[i].health == PB_HEALTH_UNSEEN)
			status = 2;
	}
	return status;
}

static void print_text(const pb_doctor *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const pb_doctor_row *r = &d->rows[i];
		char *shown = pb_text_safe(r->text, 0);

		printf("%-8s  %-13s  %s\n", healths[r->health], r->name, shown != NULL ? shown : "");
		if (*r->todo != '\0')
			printf("%-8s  %-13s  what to do: %s\n", "", "", r->todo);
		free(shown);
	}
}

static int print_json(const pb_doctor *d)
{
	json_t *rows = json_array(), *all = json_object();
	char *line = NULL;

	for (size_t i = 0; i < d->n; i++) {
		const pb_doctor_row *r = &d->rows[i];
		char *shown = pb_text_safe(r->text, 0);

		(void)json_array_append_new(rows, json_pack("{s:s,s:s,s:s,s:s}", "name", r->name, "health", healths[r->health], "text",
		                                            shown != NULL ? shown : "", "todo", r->todo));
		free(shown);
	}
	if (json_array_size(rows) == d->n && json_object_set_new(all, "checks", rows) == 0 &&
	    json_object_set_new(all, "status", json_integer(exit_status(d))) == 0)
		line = pb_json_canonical(all);
	json_decref(all);
	if (line == NULL || puts(line) < 0) {
		free(line);
		return PB_ENOMEM;
	}
	free(line);
	return PB_OK;
}

enum { OPT_SOCKET = 256, OPT_CLAMD };
static const struct option long_options[] = {{"format", required_argument, NULL, 'f'},
                                             {"socket", required_argument, NULL, OPT_SOCKET},
                                             {"clamd-socket", required_argument, NULL, OPT_CLAMD},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

static int read_options(pb_doctor *d, bool *json, int argc, char **argv)
{
	int c;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'f':
			*json = strcmp(optarg, "json") == 0;
			if (!*json && strcmp(optarg, "text") != 0)
				return pb_usage_error("doctor", "no format \"%s\"; there are text and json", optarg);
			break;
		case OPT_SOCKET:
			d->socket = optarg;
			break;
		case OPT_CLAMD:
			if (strlen(optarg) >= sizeof d->clamd)
				return pb_usage_error("doctor", "--clamd-socket: too long for a socket's name");
			(void)snprintf(d->clamd, sizeof d->clamd, "%s", optarg);
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("doctor", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("doctor", "no option \"%s\"", argv[optind - 1]);
		}
	}
	return optind == argc ? -1 : pb_usage_error("doctor", "takes no \"%s\"", argv[optind]);
}

int pb_cli_doctor(int argc, char **argv)
{
	pb_doctor *d = calloc(1, sizeof *d);
	bool json = false;
	int status = d != NULL ? read_options(d, &json, argc, argv) : PB_EXIT_ERROR;

	if (status >= 0) {
		free(d);
		return status;
	}
	pb_doctor_find_clamd(d);
	pb_doctor_versions(d);
	pb_doctor_rules(d);
	pb_doctor_packs(d);
	pb_doctor_kernel(d);
	pb_doctor_socket(d);
	pb_doctor_store(d);
	pb_doctor_host(d);
	pb_doctor_probe(d);
	status = exit_status(d);
	if (!json)
		print_text(d);
	else if (print_json(d) != PB_OK)
		status = PB_EXIT_ERROR;
	if (fflush(stdout) != 0)
		status = PB_EXIT_ERROR;
	json_decref(d->status);
	pb_config_free(&d->config);
	free(d);
	return status;
}
