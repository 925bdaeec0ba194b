#include "clamav/layer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "object/payload.h"

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Is this layer still around what is being inspected? A layer that ClamAV has left stays on our list until the next inspection;
 * an embedded layer that is never inspected may have taken its place since. */
static bool around(const pb_layer *layer, const pb_inspected *seen)
{
	if (layer->level >= seen->level)
		return false;
	if (seen->ancestors == NULL || layer->level == 0)
		return true;
	if (layer->level + 1 == seen->level && layer->size != seen->parent_size)
		return false;
	return same(layer->called, seen->ancestors[layer->level]);
}

pb_layer *pb_layers_parent(const pb_layers *l, const pb_inspected *seen)
{
	for (size_t i = l->n; i > 0; i--)
		if (around(&l->at[i - 1], seen))
			return &l->at[i - 1];
	return NULL;
}

/* Archives that ClamAV finds in the midst of other bytes, whose beginning proves them. */
static bool is_embeddable(const char *type)
{
	static const char *const types[] = {"CL_TYPE_7Z", "CL_TYPE_RAR", "CL_TYPE_MSCAB", "CL_TYPE_ARJ"};

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcmp(types[i], type) == 0)
			return true;
	return false;
}

/* The layer that an archive of this type is embedded in: it has no layer of its own, so where members of it were inspected, a
 * level is missing. NULL: it is not embedded, or in a container, which is known by what it announced before. */
static pb_layer *embedder(const pb_layers *l, const char *type)
{
	if (l->n == 0 || !is_embeddable(type))
		return NULL;
	for (size_t i = l->n; i > 0; i--)
		if (strcmp(l->at[i - 1].type, type) == 0)
			return NULL;
	for (size_t i = l->n - 1; i > 0; i--)
		if (l->at[i].level > l->at[i - 1].level + 1)
			return &l->at[i - 1];
	return l->at[l->n - 1].kind->opener != PB_OPENS_CLAMAV ? &l->at[l->n - 1] : NULL;
}

pb_layer *pb_layers_announcer(const pb_layers *l, const char *type)
{
	pb_layer *program = embedder(l, type);

	if (program != NULL)
		return program;
	if (l->announcer < l->n && strcmp(l->at[l->announcer].type, type) == 0)
		return &l->at[l->announcer];
	for (size_t i = l->n; i > 0; i--)
		if (strcmp(l->at[i - 1].type, type) == 0)
			return &l->at[i - 1];
	for (size_t i = l->n; i > 0; i--) /* ClamAV may know a container by another type than it did when it inspected it */
		if (l->at[i - 1].kind->opener == PB_OPENS_CLAMAV && !l->at[i - 1].kind->layer)
			return &l->at[i - 1];
	if (l->announcer < l->n) /* an archive inside a program, which has no layer of its own */
		return &l->at[l->announcer];
	return l->n > 0 ? &l->at[l->n - 1] : NULL;
}

const pb_layer *pb_layers_of_fd(const pb_layers *l, int fd)
{
	for (size_t i = l->n; i > 0; i--)
		if (l->at[i - 1].fd == fd)
			return &l->at[i - 1];
	return l->n > 0 ? &l->at[l->n - 1] : NULL;
}

/* libclamav's temporary files have random names, which would differ from run to run. */
static bool is_temporary(const char *name)
{
	const char *base = strrchr(name, '/');

	base = base != NULL ? base + 1 : name;
	return strncmp(base, "clamav-", 7) == 0 && strspn(base + 7, "0123456789abcdef") >= 32;
}

/* The announcement made last, where it stands for what is being inspected. Its layer may be the wrong one: a tar in a tar is
 * left without a word, and the outer one's next member is announced while the inner one is the innermost of that type. */
static pb_announced *take_fresh(pb_layers *l, const pb_layer *parent, const char *name, size_t size)
{
	pb_announced *item;

	if (l->fresh_layer >= l->n)
		return NULL;
	item = &l->at[l->fresh_layer].announced.item[l->fresh_item];
	if (item->taken || (name != NULL ? !pb_announced_is(item, name) : item->size != size))
		return NULL;
	item->taken = true;
	if (parent != &l->at[l->fresh_layer])
		l->announcer = (size_t)(parent - l->at);
	return item;
}

/* The display name of a member, fresh, or NULL where memory ran out. */
static char *member_name(pb_layers *l, pb_layer *parent, const pb_inspected *seen, bool *cut)
{
	const char *name = seen->name != NULL && seen->name[0] != '\0' && !is_temporary(seen->name) ? seen->name : NULL;
	pb_announced *item = name != NULL ? pb_announced_take(&parent->announced, name, seen->size) : NULL;
	pb_member_name shown = {0};
	const char *listed;

	if (item == NULL)
		item = take_fresh(l, parent, name, seen->size);
	*cut = item != NULL && seen->size < item->size && (!item->zip || parent->zip) && !pb_announced_garbled(item);
	if (*cut && item->guest) { /* whether there is an archive at all is known when all of it came */
		item->cut = true;
		*cut = false;
	}
	if (item != NULL)
		name = item->name;
	if (name != NULL && pb_member_name_read(name, strlen(name), &shown) != PB_OK)
		return NULL;
	listed = pb_listing_take(&parent->listing, shown.name, seen->size);
	if (listed != NULL) {
		free(shown.name);
		return strdup(listed);
	}
	if (shown.name == NULL && asprintf(&shown.name, "#%u", ++parent->nameless) < 0)
		return NULL;
	return shown.name;
}

static int name_payload(pb_layer *parent, pb_layer *out)
{
	char *name = pb_payload_name(parent->path.part[parent->path.n - 1]);
	int rc = name != NULL ? pb_path_copy(&parent->path, &out->path) : PB_ENOMEM;

	if (rc == PB_OK)
		rc = pb_path_push(&out->path, name);
	if (rc == PB_OK)
		rc = pb_path_copy(&parent->under, &out->under);
	free(name);
	parent->payload_seen = true;
	return rc;
}

static int name_member(pb_layers *l, pb_layer *parent, const pb_inspected *seen, pb_layer *out, bool *cut)
{
	char *name = member_name(l, parent, seen, cut);
	int rc = name != NULL ? pb_path_copy(&parent->under, &out->path) : PB_ENOMEM;

	if (rc == PB_OK)
		rc = pb_path_push(&out->path, name);
	if (rc == PB_OK)
		rc = pb_path_copy(&out->path, &out->under);
	free(name);
	return rc;
}

int pb_layer_name(pb_layers *l, pb_layer *parent, const pb_inspected *seen, const pb_path *base, pb_layer *out, bool *cut)
{
	int rc;

	*cut = false;
	if (parent == NULL) {
		rc = pb_path_copy(base, &out->path);
		return rc == PB_OK ? pb_path_copy(base, &out->under) : rc;
	}
	if (parent->kind->layer && seen->name == NULL && !parent->payload_seen && parent->path.n > 0)
		return name_payload(parent, out);
	return name_member(l, parent, seen, out, cut);
}

void pb_layer_free(pb_layer *layer)
{
	free(layer->called);
	pb_path_free(&layer->path);
	pb_path_free(&layer->under);
	pb_announcements_free(&layer->announced);
	pb_listing_close(&layer->listing);
}
