#include "facts/lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "facts/banners.h"
#include "facts/geo.h"
#include "facts/sources.h"

enum { LIST_MAX = 4 << 20 };

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* One entry a line; a line that begins with '#' is a comment (URLs hold '#' too, so only there). */
static int read_lines(const char *file, char ***lines, size_t *n, pb_error *err)
{
	pb_buf buf = {0};
	size_t cap = 0;
	char *save = NULL;
	int rc = pb_fs_read(file, LIST_MAX, &buf, err);

	if (rc)
		return rc;
	for (char *line = strtok_r((char *)buf.data, "\r\n", &save); line && !rc; line = strtok_r(NULL, "\r\n", &save)) {
		size_t end = strlen(line);
		while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t'))
			line[--end] = '\0';
		if (end == 0 || line[0] == '#')
			continue;
		if (*n == cap) {
			cap = cap ? cap * 2 : 64;
			char **more = realloc(*lines, cap * sizeof *more);
			if (!more) {
				rc = pb_fail(err, PB_ENOMEM, "%s: out of memory", file);
				break;
			}
			*lines = more;
		}
		(*lines)[*n] = strdup(line);
		if (!(*lines)[*n])
			rc = pb_fail(err, PB_ENOMEM, "%s: out of memory", file);
		else
			++*n;
	}
	pb_buf_free(&buf);
	if (*n)
		qsort(*lines, *n, sizeof **lines, by_text);
	return rc;
}

bool pb_lists_is_namespace(const pb_lists *l, const char *url)
{
	return l->n_namespaces && bsearch(&url, l->namespaces, l->n_namespaces, sizeof *l->namespaces, by_text);
}

/* The sources that ship inside the program: what they find is named in C, next to them. */
static int own_sources(pb_lists *l)
{
	static const char *const texts[] = {"script", "text"}; /* as the row of "license" in facts.c */
	static const pb_pattern_source own[PB_OWN_SOURCES] = {
	    [PB_OWN_URLS] = {"probity.urls", pb_urls_yara, "plugin/facts/urls.c", 1, NULL, 0},
	    [PB_OWN_MARKS] = {"probity.marks", pb_marks_yara, "plugin/facts/license.c", 1, texts, 2},
	    [PB_OWN_ELF] = {"probity.elf", pb_elf_yara, "plugin/facts/binary.c", 1, NULL, 0},
	    [PB_OWN_PE] = {"probity.pe", pb_pe_yara, "plugin/facts/binary.c", 1, NULL, 0},
	    [PB_OWN_MACHO] = {"probity.macho", pb_macho_yara, "plugin/facts/binary.c", 1, NULL, 0},
	};

	l->sources = calloc(PB_OWN_SOURCES, sizeof *l->sources);
	if (!l->sources)
		return PB_ENOMEM;
	l->n_sources = PB_OWN_SOURCES;
	for (size_t i = 0; i < PB_OWN_SOURCES; i++)
		l->sources[i] = own[i];
	return 0;
}

int pb_lists_open(const char *data_dir, pb_lists **out, pb_error *err)
{
	pb_lists *l = calloc(1, sizeof *l);
	char *namespaces = pb_fs_join(data_dir, "rulesets/lists/namespaces.txt");
	char *capabilities = pb_fs_join(data_dir, "rulesets/capabilities");
	char *hints = pb_fs_join(data_dir, "rulesets/lists/hints.ini");
	char *lists = pb_fs_join(data_dir, "rulesets/lists");
	char *geo = pb_fs_join(data_dir, "rulesets/geo");
	int rc = PB_ENOMEM;

	if (!l || !namespaces || !capabilities || !hints || !lists || !geo || own_sources(l)) {
		pb_fail(err, rc, "out of memory");
		goto out;
	}
	rc = read_lines(namespaces, &l->namespaces, &l->n_namespaces, err);
	if (!rc)
		rc = pb_hints_read(&l->hints, hints, err);
	if (!rc)
		rc = pb_list_files_read(l, lists, err);
	if (!rc)
		rc = pb_banners_read(l, err);
	if (!rc)
		rc = pb_geo_open(geo, &l->geo, err);
	if (!rc)
		rc = pb_capabilities_read(l, capabilities, err);
	if (!rc) {
		*out = l;
		l = NULL;
	}
out:
	free(namespaces);
	free(capabilities);
	free(hints);
	free(lists);
	free(geo);
	pb_lists_close(l);
	return rc;
}

void pb_lists_close(pb_lists *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n_namespaces; i++)
		free(l->namespaces[i]);
	free(l->namespaces);
	pb_capabilities_free(l);
	pb_hints_free(&l->hints);
	pb_list_files_free(l);
	pb_geo_close(l->geo);
	for (size_t i = PB_OWN_SOURCES; i < l->n_sources; i++) {
		free((char *)l->sources[i].space);
		free((char *)l->sources[i].text);
		free((char *)l->sources[i].file);
	}
	free(l->banners[0]);
	free(l->banners[1]);
	free(l->sources);
	free(l);
}

const struct pb_geo *pb_lists_geo(const pb_lists *l)
{
	return l->geo;
}

const pb_pattern_source *pb_lists_sources(const pb_lists *l, size_t *n)
{
	*n = l->n_sources;
	return l->sources;
}
