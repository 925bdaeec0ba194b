#include "cli/serve.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fs.h"
#include "bindings/bindings.h"
#include "clamav/tracker.h"
#include "cli/assess.h"

enum { BACKLOG = 128 };

/* The roles of the rules, and the tracker, which needs none of them but lives as boxed as they do. */
static pb_role roles[PB_RULES_ROLES + 1];
static const pb_role reader_roles[] = {{"reader", pb_reader_main}};

int pb_serving_open(pb_serving *s, pb_error *err)
{
	memset(s, 0, sizeof *s);
	memcpy(roles, pb_rules_roles, sizeof pb_rules_roles);
	roles[PB_RULES_ROLES] = (pb_role){"tracker", pb_tracker_main};
	s->data = pb_fs_data_dir();
	s->extra = s->data ? pb_fs_join(s->data, "rulesets/clamav") : NULL;
	if (!s->extra)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	return pb_make_temp(s->temp, sizeof s->temp, err);
}

void pb_serving_close(pb_serving *s)
{
	if (s->temp[0])
		pb_remove_folder(s->temp);
	free(s->data);
	free(s->patterns);
	free(s->extra);
	free(s->wishes);
	pb_places_close(&s->places);
}

int pb_serving_specs(pb_serving *s, const pb_config *config, pb_template_spec *rules, pb_template_spec *clamav, pb_error *err)
{
	size_t n_packs = 0;
	s->n_extra = 0;
	while (config->rules && config->rules[s->n_extra])
		s->n_extra++;
	while (config->packs && config->packs[n_packs])
		n_packs++;
	free(s->wishes);
	s->wishes = pb_pack_wishes((const char *const *)config->packs, n_packs, false);
	if (!s->wishes)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	if (!s->places.system && pb_places_open(s->system_only, &s->places, err))
		return PB_ENOMEM;
	s->rules = (pb_rules_options){.catalogue = {.data_dir = s->data, .extra_dirs = (const char *const *)config->rules, .n_extra = s->n_extra,
	                                            .packs = s->wishes, .n_packs = n_packs, .pack_places = s->places.of,
	                                            .bindings = &pb_bindings_table, .limits = pb_sandbox_defaults},
	                              .cache_dir = s->patterns};
	/* The host has held its signatures against every byte that it saw; here containers are only opened. */
	s->reading = (pb_reading_options){.unsigned_only = true, .temp = s->temp, .budget = pb_budget_default};
	s->reading.budget.memory_bytes = config->member_bytes;
	*rules = (pb_template_spec){.name = "rules", .open = pb_rules_template_open, .user = &s->rules, .roles = roles, .n_roles = PB_RULES_ROLES + 1,
	                           .nice = (int)config->nice, .prompt = "tracker"};
	*clamav = (pb_template_spec){.name = "clamav", .open = pb_reading_open, .user = &s->reading, .roles = reader_roles, .n_roles = 1,
	                            .buried = pb_reading_buried, .nice = (int)config->nice};
	return 0;
}

int pb_listen(const char *path, unsigned mode, pb_error *err)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct stat st;
	if (strlen(path) >= sizeof at.sun_path)
		return pb_fail(err, PB_EINPUT, "%s: too long for the path of a socket", path), -1;
	memcpy(at.sun_path, path, strlen(path));
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return pb_fail(err, PB_EIO, "socket: %s", strerror(errno)), -1;
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode)) {
		if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0) {
			close(fd);
			return pb_fail(err, PB_EINPUT, "%s: another keeper listens there already", path), -1;
		}
		unlink(path);
	}
	mode_t before = umask(0777 & ~mode);
	int rc = bind(fd, (struct sockaddr *)&at, sizeof at);
	int e = errno;
	umask(before);
	if (rc == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	e = rc == 0 ? errno : e;
	close(fd);
	return pb_fail(err, PB_EIO, "%s: cannot listen: %s", path, strerror(e)), -1;
}
