#include "cli/rule_options.h"

#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"

/* A file where a folder is wanted: its folder is meant. */
static int refuse_file(const char *command, const char *value)
{
	const char *slash = strrchr(value, '/');
	return pb_usage_error(command, "--rules %s: that is a file; --rules takes its folder: --rules %.*s", value, slash ? (int)(slash - value) : 1,
	                      slash ? value : ".");
}

int pb_rule_option(pb_rule_options *r, const char *command, int c, const char *value)
{
	struct stat st;
	switch (c) {
	case PB_OPT_RULES:
		if (stat(value, &st) == 0 && S_ISREG(st.st_mode))
			return refuse_file(command, value);
		if (r->n_dirs == PB_RULE_FOLDERS)
			return pb_usage_error(command, "--rules: more than %d folders", PB_RULE_FOLDERS);
		r->dirs[r->n_dirs++] = value;
		return 0;
	case PB_OPT_PACK:
		if (r->n_packs == PB_RULE_PACKS)
			return pb_usage_error(command, "--pack: more than %d packs", PB_RULE_PACKS);
		r->packs[r->n_packs++] = value;
		return 0;
	case PB_OPT_UNSIGNED:
		r->unsigned_packs = true;
		return 0;
	default:
		return -1;
	}
}

void pb_rule_options_into(const pb_rule_options *r, pb_assessor_options *options)
{
	options->extra_dirs = r->dirs;
	options->n_extra = r->n_dirs;
	options->packs = r->packs;
	options->n_packs = r->n_packs;
	options->unsigned_packs = r->unsigned_packs;
}
