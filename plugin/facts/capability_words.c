/* What declares a capability: words, dependencies and permissions. */
#include <stdlib.h>
#include <string.h>

#include "facts/capability_list.h"

static const char *const keys[PB_DECLARES] = {"words",          "depends",            "android-permission", "extension-permission",
                                              "apple-key",      "flatpak-permission", "snap-plug"};

static size_t index_of(const char *key)
{
	size_t i = 0;

	while (i < PB_DECLARES && strcmp(keys[i], key) != 0)
		i++;
	return i;
}

bool pb_words_key(const char *key)
{
	return index_of(key) < PB_DECLARES;
}

static int add(json_t **map, const char *word, size_t n, size_t capability)
{
	if (!*map)
		*map = json_object();
	json_int_t bits = json_integer_value(json_object_getn(*map, word, n));
	return json_object_setn_new(*map, word, n, json_integer(bits | (json_int_t)1 << capability));
}

int pb_words_add(pb_words *w, size_t capability, const char *key, const char *value, pb_error *err)
{
	size_t which = index_of(key);

	for (const char *p = value + strspn(value, " \t"); *p;) {
		size_t n = strcspn(p, " \t");
		bool begin = which == PB_DECLARES_DEPENDS && n > 1 && p[n - 1] == '*';
		if (begin && n - 1 > w->longest)
			w->longest = n - 1;
		if (add(begin ? &w->begin : &w->word[which], p, begin ? n - 1 : n, capability))
			return pb_fail(err, PB_ENOMEM, "out of memory");
		p += n;
		p += strspn(p, " \t");
	}
	return 0;
}

void pb_words_free(pb_words *w)
{
	for (size_t i = 0; i < PB_DECLARES; i++)
		json_decref(w->word[i]);
	json_decref(w->begin);
}
