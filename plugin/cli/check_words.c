/* The words that a check's header may use, each with what it means: `probity check list --claims`, `--maps`, `--tags`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/ini.h"
#include "base/log.h"
#include "cli/check.h"
#include "cli/cli.h"
#include "cli/lines.h"
#include "facts/facts.h"

typedef struct words {
	bool maps, json;
	int rc;
} words;

static int print_word(words *w, const char *kind, const char *word, const char *of, const char *title)
{
	if (w->json)
		w->rc = pb_print_json(of ? json_pack("{s:s,s:s,s:s}", kind, word, "pillar", of, "title", title)
		                         : json_pack("{s:s,s:s}", kind, word, "title", title));
	else if (of)
		printf("%-24s %-12s %s\n", word, of, title);
	else
		printf("%-24s %s\n", word, title);
	return w->rc ? PB_EIO : 0;
}

static int print_key(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	words *w = user;
	char map[200];
	(void)line;
	snprintf(map, sizeof map, "%s:%s", section, key);
	int rc = w->maps ? print_word(w, "map", map, NULL, value) : print_word(w, "claim", key, section, value);
	return rc ? pb_fail(err, rc, "cannot write") : 0;
}

static int print_file(words *w, const char *name)
{
	pb_error err = {0};
	char *data = pb_fs_data_dir(), *file = data ? pb_fs_join(data, name) : NULL;
	int rc = file ? pb_ini_read(file, print_key, w, &err) : pb_fail(&err, PB_ENOMEM, "out of memory");
	free(data);
	free(file);
	if (rc)
		pb_complain("%s", err.text);
	return rc ? PB_EXIT_ERROR : 0;
}

static int print_tags(words *w)
{
	size_t n;
	const char *const *tags = pb_fact_tags(&n);
	for (size_t i = 0; i < n && !w->rc; i++) {
		if (w->json)
			w->rc = pb_print_json(json_pack("{s:s}", "tag", tags[i]));
		else
			puts(tags[i]);
	}
	return w->rc ? PB_EXIT_ERROR : 0;
}

int pb_check_words(pb_check_word_kind kind, bool json)
{
	words w = {.maps = kind == PB_WORDS_MAPS, .json = json};
	int rc = kind == PB_WORDS_TAGS ? print_tags(&w) : print_file(&w, w.maps ? "rulesets/mappings.ini" : "rulesets/claims.ini");
	return fflush(stdout) ? PB_EXIT_ERROR : rc;
}
