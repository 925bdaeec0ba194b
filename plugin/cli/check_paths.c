/* From words on the command line to checks: files, folders, or names of our own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "cli/check.h"
#include "cli/cli.h"
#include "findings/terms.h"

/* "integrity/x.lua" of SCRIPTS/integrity/x.lua, "" of SCRIPTS itself, fresh; NULL: it lies elsewhere. */
static char *below_scripts(const char *scripts, const char *path)
{
	char *real = realpath(path, NULL), *root = realpath(scripts, NULL), *out = NULL;
	size_t n = root ? strlen(root) : 0;
	if (real && root && strncmp(real, root, n) == 0 && (real[n] == '/' || !real[n]))
		out = strdup(real[n] ? real + n + 1 : "");
	free(real);
	free(root);
	return out;
}

static int add_name(pb_check_paths *p, char *name)
{
	if (!name)
		return PB_EXIT_ERROR;
	p->own = true;
	p->names[p->n_names++] = name;
	return 0;
}

/* "integrity/x", "integrity/x.lua": a name of ours that is no path from here. */
static bool of_pillar(const char *word, size_t n)
{
	char pillar[20];
	snprintf(pillar, sizeof pillar, "%.*s", n < sizeof pillar ? (int)n : 0, word);
	return pb_pillar_of(pillar) >= 0;
}

char *pb_check_near_file(const char *folder, const char *word)
{
	static const char *const places[] = {"", "integrity/", "data-care/", "verification/", "culture/"};
	char *slashed = strdup(word), *dot = slashed ? strchr(slashed, '.') : NULL, *file = NULL;
	struct stat st;
	if (dot && !strchr(slashed, '/'))
		*dot = '/'; /* "integrity.x" is "integrity/x" */
	for (size_t i = 0; slashed && i < (strchr(slashed, '/') ? 1 : sizeof places / sizeof *places); i++) {
		if (asprintf(&file, "%s%s%s%s.lua", folder, *folder ? "/" : "", places[i], slashed) < 0)
			file = NULL;
		if (file && stat(file, &st) == 0 && S_ISREG(st.st_mode))
			break;
		free(file);
		file = NULL;
	}
	free(slashed);
	return file;
}

static int add(pb_check_paths *p, const char *verb, const char *scripts, const char *word)
{
	char command[40];
	struct stat st;
	snprintf(command, sizeof command, "check %s", verb);
	if (stat(word, &st) < 0) {
		size_t n = strcspn(word, "/");
		bool name = !word[n] ? !strstr(word, ".lua") : of_pillar(word, n);
		char *here = pb_check_near_file("", word), *own = name ? pb_check_near_file(scripts, word) : NULL;
		int rc = here && !own ? pb_usage_error(command, "%s is no file, and no check of Probity's; did you mean %s?", word, here) : 0;
		free(here);
		free(own);
		if (rc)
			return rc;
		return name ? add_name(p, strdup(word)) : pb_usage_error(command, "%s: there is no such file or folder", word);
	}
	char *below = below_scripts(scripts, word);
	if (below && *below)
		return add_name(p, below);
	if (below)
		p->own = true; /* all of them */
	else if (S_ISDIR(st.st_mode))
		p->dirs[p->n_dirs++] = word;
	else
		p->files[p->n_files++] = word;
	free(below);
	return 0;
}

int pb_check_paths_of(pb_check_paths *p, const char *verb, char **words, size_t n)
{
	char command[40], *data = pb_fs_data_dir(), *scripts = data ? pb_fs_join(data, "scripts") : NULL;
	int rc = 0;
	snprintf(command, sizeof command, "check %s", verb);
	memset(p, 0, sizeof *p);
	free(data);
	if (!scripts)
		return PB_EXIT_ERROR;
	if (n > PB_CHECK_PATHS)
		rc = pb_usage_error(command, "more than %d files, folders and checks", PB_CHECK_PATHS);
	for (size_t i = 0; i < n && !rc; i++)
		rc = add(p, verb, scripts, words[i]);
	p->own = p->own || n == 0;
	free(scripts);
	return rc;
}

void pb_check_paths_free(pb_check_paths *p)
{
	for (size_t i = 0; i < p->n_names; i++)
		free(p->names[i]);
	memset(p, 0, sizeof *p);
}

bool pb_check_foreign(const pb_check_paths *p)
{
	return p->n_dirs + p->n_files > 0;
}

void pb_check_rules_of(const pb_check_paths *p, const pb_rule_options *rules, const char *dirs[PB_CHECK_FOLDERS],
                       pb_assessor_options *options)
{
	memcpy(dirs, rules->dirs, rules->n_dirs * sizeof *dirs);
	memcpy(dirs + rules->n_dirs, p->dirs, p->n_dirs * sizeof *dirs);
	pb_rule_options_into(rules, options);
	options->extra_dirs = dirs;
	options->n_extra = rules->n_dirs + p->n_dirs;
	options->files = p->files;
	options->n_files = p->n_files;
	options->without_own = !p->own;
}
