#include "object/kind.h"

#include <string.h>

#include "object/kinds.h"

#define ROW(id, spelling, class, opener, layer, members) {spelling, PB_CLASS_##class, PB_OPENS_##opener, layer, members},
static const pb_kind kinds[] = {PB_KIND_TABLE(ROW)};
#undef ROW

enum { HEAD = 65536 };

const pb_kind *pb_kinds(size_t *count)
{
	*count = PB_KINDS;
	return kinds;
}

const pb_kind *pb_kind_named(const char *name)
{
	for (size_t i = 0; i < PB_KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

const pb_kind *pb_kind_of(pb_bytes bytes, const char *name_class)
{
	pb_kind_id id = pb_kind_by_magic(bytes, name_class);

	if (id == PB_KINDS)
		id = pb_kind_of_text(pb_slice(bytes, 0, HEAD), name_class);
	return &kinds[id != PB_KINDS ? id : PB_KIND_DATA];
}

bool pb_word_among(const char *word, const char *list)
{
	size_t n = strlen(word);

	for (const char *hit = n > 0 ? strstr(list, word) : NULL; hit != NULL; hit = strstr(hit + 1, word))
		if ((hit == list || hit[-1] == ' ') && (hit[n] == ' ' || hit[n] == '\0'))
			return true;
	return false;
}

const char *pb_class_name(pb_class c)
{
	static const char *const names[] = {"binary", "script", "text", "archive", "media", "data"};

	return c >= 0 && c < PB_CLASSES ? names[c] : "data";
}
