#include "cli/stored.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "cli/cli.h"
#include "keeper/config.h"
#include "keeper/query.h"

enum { BUSY_MS = 5000, DAY = 86400 };

int pb_stored_option(pb_stored_place *p, const char *command, int option, const char *value)
{
	if (option == PB_OPT_STORE)
		p->store = value;
	else
		p->socket = value;
	return p->store && p->socket ? pb_usage_error(command, "--store or --socket, not both") : 0;
}

void pb_stored_place_free(pb_stored_place *p)
{
	free(p->found);
	pb_store_close(p->opened);
	p->found = NULL;
	p->opened = NULL;
}

/* Who may read the file may read all of it. */
static int ask_file(pb_stored_place *p, const char *file, const json_t *request, int (*each)(void *user, const json_t *line), void *user,
                    pb_error *err)
{
	pb_buf lines = {0};
	int rc = p->opened ? 0 : pb_store_open(file, true, BUSY_MS, &p->opened, err);
	if (rc)
		return rc;
	rc = pb_query_answer(p->opened, request, -1, true, &lines, err);
	if (rc == 1)
		rc = pb_query_lines(lines.data, lines.size, each, user, err);
	else if (rc == 0)
		rc = pb_fail(err, PB_EINTERNAL, "%s: no answer", file);
	pb_buf_free(&lines);
	return rc;
}

/* The store of the usual keeper, where it may be read. */
static char *configured_store(void)
{
	pb_config config;
	char *file = NULL;
	if (pb_config_load(NULL, &config, NULL))
		return NULL;
	if (config.store && *config.store && access(config.store, R_OK) == 0)
		file = strdup(config.store);
	pb_config_free(&config);
	return file;
}

typedef struct counted {
	int (*each)(void *user, const json_t *line);
	void *user;
	const char *number;
	int64_t got, last;
} counted;

static int count(void *user, const json_t *line)
{
	counted *c = user;
	c->got++;
	c->last = c->number ? pb_json_int(line, c->number, 0) : 0;
	return c->each(c->user, line);
}

int pb_stored_place_ask(pb_stored_place *p, const json_t *request, int (*each)(void *user, const json_t *line),
                        void *user, pb_error *err)
{
	counted c = {.each = each, .user = user};
	const char *file = p->store ? p->store : p->found;
	if (file)
		return ask_file(p, file, request, each, user, err);
	int rc = pb_query_ask(p->socket, request, p->timeout_ms, count, &c, err);
	if (rc != PB_EIO || c.got || p->socket || !(p->found = configured_store()))
		return rc;
	pb_note("no keeper answers; read from %s", p->found);
	if (err)
		*err = (pb_error){0};
	return ask_file(p, p->found, request, each, user, err);
}

int pb_stored_place_pages(pb_stored_place *p, json_t *request, const char *number, int64_t most,
                          int (*each)(void *user, const json_t *line), void *user, pb_error *err)
{
	counted c = {.each = each, .user = user, .number = number};
	int64_t before, had, left;
	int rc;
	do {
		left = most ? most - c.got : PB_QUERY_ROWS;
		had = c.got;
		before = c.last;
		rc = json_object_set_new(request, "limit", json_integer(left < PB_QUERY_ROWS ? left : PB_QUERY_ROWS));
		if (!rc && before > 0)
			rc = json_object_set_new(request, "before", json_integer(before));
		if (rc)
			return pb_fail(err, PB_ENOMEM, "out of memory");
		rc = pb_stored_place_ask(p, request, count, &c, err);
		/* Until nothing comes or numbers do not fall any more: a keeper that runs in circles would never end.
		 */
	} while (!rc && c.got > had && (!most || c.got < most) && c.last > 1 && (before == 0 || c.last < before));
	return rc;
}

void pb_time_text(int64_t seconds, char out[PB_TIME_TEXT])
{
	char day[11];
	int64_t days = seconds / DAY, rest = seconds % DAY;
	if (rest < 0) {
		rest += DAY;
		days--;
	}
	pb_date_format(days, day);
	snprintf(out, PB_TIME_TEXT, "%s %02u:%02u", day, (unsigned)(rest / 3600) % 24u, (unsigned)(rest / 60 % 60));
}

int pb_output_width(void)
{
	struct winsize w;
	if (!isatty(STDOUT_FILENO))
		return 0;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ? w.ws_col : 80;
}
