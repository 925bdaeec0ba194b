/* rulesets/capabilities: what shows a capability, and what declares it. The form is told in the README.md there. */
#include "facts/capability_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/ini.h"
#include "base/text.h"

/* The last two are none, but may be declared: what would do anything, and what depends on a place. */
static const char *const capabilities[] = {
    "net-connect", "net-listen", "exec",     "persist",  "self-update", "input-capture", "screen", "clipboard",
    "camera",      "microphone", "location", "contacts", "privilege",   "crypto",        "debug",  "identity",
    "any",         "place",
};
enum { DECLARED = sizeof capabilities / sizeof capabilities[0], CAPABILITIES = DECLARED - 2 };
_Static_assert(DECLARED <= 32, "a word has one bit for each");

/* The keys of imports, in the order of pb_asks. */
static const char *const formats[PB_ASKS] = {"elf", "pe", "macho", "java-class", "dotnet"};

static size_t index_of(const char *name)
{
	size_t i = 0;

	while (i < DECLARED && strcmp(capabilities[i], name) != 0)
		i++;
	return i;
}

const char *pb_capability_named(const char *name)
{
	size_t i = index_of(name);
	return i < CAPABILITIES ? capabilities[i] : NULL;
}

const char *pb_capability_name(size_t i)
{
	return i < DECLARED ? capabilities[i] : NULL;
}

static int each(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	pb_reading *r = user;
	size_t capability = index_of(section);

	if (capability == DECLARED) {
		const char *near = pb_text_nearest(section, capabilities, DECLARED);
		return pb_fail(err, PB_EINPUT, "no capability [%s]%s%s%s", section, near ? "; did you mean [" : "",
		               near ? near : "", near ? "]?" : "");
	}
	if (pb_words_key(key))
		return pb_words_add(&r->lists->words, capability, key, value, err);
	if (capability >= CAPABILITIES)
		return pb_fail(err, PB_EINPUT, "[%s] can only be declared, not shown by \"%s\"", section, key);
	for (size_t i = 0; i < PB_ASKS; i++)
		if (strcmp(key, formats[i]) == 0)
			return pb_imports_add(&r->lists->asks[i], capabilities[capability], value, err);
	if (strchr(key, '.'))
		return pb_reading_pattern(r, capabilities[capability], key, value, line, err);
	return pb_fail(err, PB_EINPUT, "\"%s\" is neither elf, pe, macho, java-class, dotnet nor KIND.NAME, nor says what declares", key);
}

int pb_capabilities_read(pb_lists *l, const char *dir, pb_error *err)
{
	char **names = NULL;
	size_t n = 0;
	pb_reading *r = malloc(sizeof *r);
	int rc = r ? pb_fs_names(dir, ".ini", &names, &n, err) : pb_fail(err, PB_ENOMEM, "out of memory");

	for (size_t i = 0; i < n && !rc; i++) {
		char *file = pb_fs_join(dir, names[i]);
		memset(r, 0, sizeof *r);
		r->lists = l;
		rc = file ? pb_ini_read(file, each, r, err) : pb_fail(err, PB_ENOMEM, "out of memory");
		if (!rc)
			rc = pb_reading_sources(r, file, names[i], err);
		pb_reading_free(r);
		free(file);
	}
	free(r);
	pb_fs_names_free(names, n);
	return rc;
}

void pb_capabilities_free(pb_lists *l)
{
	for (size_t i = 0; i < PB_ASKS; i++)
		pb_imports_free(&l->asks[i]);
	for (size_t i = 0; i < l->n_patterns; i++) {
		free(l->patterns[i].kind);
		free(l->patterns[i].by);
	}
	free(l->patterns);
	pb_words_free(&l->words);
}
