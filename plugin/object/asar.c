/* Electron's asar: four numbers, a tree of names in JSON, then the files' bytes. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "object/archive_own.h"
#include "object/path.h"

enum { HEAD = 16, JSON_MOST = 256 << 20, DEPTH = 256, NAME = PB_PATH_PART };

typedef struct level {
	json_t *files;
	void *iterator;
	size_t name; /* bytes of the path up to here */
} level;

typedef struct asar {
	pb_bytes data; /* behind the tree */
	json_t *tree;
	level at[DEPTH];
	size_t depth;
	char name[NAME], link[NAME];
	pb_bytes content; /* of the member */
	uint64_t placed;  /* bytes of all members so far */
	bool given;
} asar;

static uint32_t number(pb_bytes b, size_t at)
{
	return (uint32_t)b.data[at] | (uint32_t)b.data[at + 1] << 8 | (uint32_t)b.data[at + 2] << 16 |
	       (uint32_t)b.data[at + 3] << 24;
}

static void shut(void *state)
{
	asar *a = state;

	json_decref(a->tree);
	free(a);
}

static bool enter(asar *a, json_t *files, size_t name)
{
	if (a->depth == DEPTH || !json_is_object(files))
		return false;
	a->at[a->depth++] = (level){files, json_object_iter(files), name};
	return true;
}

static int open_asar(pb_bytes b, void **state)
{
	json_error_t e;
	asar *a = b.size > HEAD ? calloc(1, sizeof *a) : NULL;
	uint32_t header, text;

	if (a == NULL)
		return b.size > HEAD ? PB_ENOMEM : PB_ECORRUPT;
	header = number(b, 4);
	text = number(b, 12);
	if (text <= b.size - HEAD && text <= JSON_MOST)
		a->tree = json_loadb((const char *)b.data + HEAD, text, 0,
		                     &e); /* as Electron: of two equal names the last one counts */
	a->data = pb_slice(b, header <= b.size - 8 ? 8 + (size_t)header : b.size, b.size);
	if (!enter(a, json_object_get(a->tree, "files"), 0)) {
		shut(a);
		return PB_ECORRUPT;
	}
	*state = a;
	return PB_OK;
}

/* The path of a name on this level into a->name; 0: it is too long. */
static size_t path_of(asar *a, const level *l, const char *name)
{
	size_t n = strlen(name), slash = l->name > 0;

	if (n == 0 || n + slash + 1 > NAME - l->name)
		return 0;
	if (slash)
		a->name[l->name] = '/';
	memcpy(a->name + l->name + slash, name, n + 1);
	return l->name + slash + n;
}

/* What a file's node says of where its bytes lie; false: outside of the archive. */
static bool place(asar *a, const json_t *node, int64_t size)
{
	const char *offset = pb_json_str(node, "offset", "");
	int64_t at;

	a->content = (pb_bytes){NULL, 0};
	if (!pb_text_int(offset, 0, INT64_MAX, &at) || size < 0 || (uint64_t)at > a->data.size ||
	    (uint64_t)size > a->data.size - (uint64_t)at)
		return false;
	/* Its tools lay files one behind the other: many names for the same bytes are there to cost something. */
	if (__builtin_add_overflow(a->placed, (uint64_t)size, &a->placed) || a->placed / 2 > a->data.size)
		return false;
	a->content = pb_slice(a->data, (size_t)at, (size_t)size);
	return true;
}

static void fill(asar *a, const json_t *node, pb_entry *entry, bool *damaged)
{
	const char *link = pb_json_str(node, "link", NULL);

	*entry = (pb_entry){.name = a->name,
	                    .type = PB_ENTRY_FILE,
	                    .mode = json_is_true(json_object_get(node, "executable")) ? 0755 : 0644,
	                    .size = -1};
	a->content = (pb_bytes){NULL, 0};
	a->given = false;
	if (json_is_object(json_object_get(node, "files"))) {
		entry->type = PB_ENTRY_DIR;
		entry->mode = 0755;
	} else if (link != NULL && strlen(link) < NAME) {
		memcpy(a->link, link, strlen(link) + 1);
		entry->type = PB_ENTRY_SYMLINK;
		entry->link = a->link;
	} else {
		entry->size = pb_json_int(node, "size", -1);
		entry->elsewhere =
		    json_is_true(json_object_get(node, "unpacked")); /* beside the archive, in app.asar.unpacked/ */
		if (!entry->elsewhere && !place(a, node, entry->size)) {
			*damaged = true;
			entry->elsewhere = true;
		}
	}
}

static int next(void *state, pb_entry *entry, bool *damaged)
{
	asar *a = state;

	while (a->depth > 0) {
		level *l = &a->at[a->depth - 1];
		json_t *node;
		size_t n;

		if (l->iterator == NULL) {
			a->depth--;
			continue;
		}
		n = path_of(a, l, json_object_iter_key(l->iterator));
		node = json_object_iter_value(l->iterator);
		l->iterator = json_object_iter_next(l->files, l->iterator);
		if (n == 0 || !json_is_object(node)) {
			*damaged = true;
			continue;
		}
		fill(a, node, entry, damaged);
		if (entry->type == PB_ENTRY_DIR && !enter(a, json_object_get(node, "files"), n))
			*damaged = true;
		return PB_READ_MORE;
	}
	return PB_READ_END;
}

static int data(void *state, pb_bytes *block, uint64_t *at)
{
	asar *a = state;

	if (a->given || a->content.size == 0)
		return PB_READ_END;
	a->given = true;
	*block = a->content;
	*at = 0;
	return PB_READ_MORE;
}

const pb_own_format pb_asar_format = {"asar", open_asar, shut, next, data};
