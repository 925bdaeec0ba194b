/* What of a scan is a product, and whose an object is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "clamav/record_out.h"
#include "clamav/tracker_inside.h"

pb_product *pb_tracked_add_product(pb_tracked *root, const pb_path *chain, size_t strip, const char *name, uint64_t size)
{
	pb_tracker *t = root->tracker;
	pb_product *grown = reallocarray(root->product, root->n + 1, sizeof *grown), *p;
	char *path = NULL;
	int rc;

	if (grown == NULL)
		return NULL;
	root->product = grown;
	p = &grown[root->n];
	*p = (pb_product){.grouped = root->place.grouped, .strip = strip, .size = size};
	p->tag = p->grouped ? root->place.tag : t->next_tag++;
	if (t->next_tag < PB_TRACKED_FIRST_TAG) /* all the others are used up: the first ones are long done */
		t->next_tag = PB_TRACKED_FIRST_TAG;
	if (pb_path_copy(chain, &p->chain) != PB_OK)
		return NULL;
	if (strip > 0 && asprintf(&path, "%s > %s", root->place.path, name) < 0)
		path = NULL;
	rc = pb_product_begin(t, p, root, name, path != NULL ? path : root->place.path);
	free(path);
	if (!pb_tracker_ok(t, rc)) {
		pb_path_free(&p->chain);
		return NULL;
	}
	root->n++;
	return p;
}

void pb_tracked_skip(pb_tracked *root, const char *kind)
{
	pb_tracker *t = root->tracker;
	uint32_t tag = t->next_tag++;

	root->state = PB_TRACKED_SKIPPED;
	if (t->next_tag < PB_TRACKED_FIRST_TAG)
		t->next_tag = PB_TRACKED_FIRST_TAG;
	root->memory |= !pb_tracker_ok(t, pb_out_note(t->lane, tag, PB_MSG_SKIPPED,
	                                              json_pack("{s:I,s:I,s:s}", "stream", (json_int_t)root->stream,
	                                                        "scan", (json_int_t)root->number, "kind", kind)));
}

static void settle(pb_tracked *root, const pb_kind *kind, bool wanted, uint64_t size)
{
	if (!root->place.grouped && strcmp(kind->name, "mail") == 0 &&
	    pb_path_copy(&root->base, &root->mail) == PB_OK) {
		root->state = PB_TRACKED_MAIL;
	} else if (wanted || root->place.grouped) {
		root->state = PB_TRACKED_PRODUCT;
		if (pb_tracked_add_product(root, &root->base, 0, root->place.name,
		                root->begin.has_file ? root->begin.size : size) == NULL &&
		    root->tracker->failed == PB_OK)
			pb_warn("tracker: %s is not assessed: " PB_WHY_MEMORY, root->place.path);
	} else {
		pb_tracked_skip(root, kind->name);
	}
}

void pb_tracked_settle_unseen(pb_tracked *root)
{
	settle(root, pb_kind_of_clam_type(root->type), pb_wants_unseen(&root->tracker->wants, root->type), 0);
}

/* The attachment that an object of a mail is, or lies in; NULL where it is no product. An attached mail is no
 * attachment: what hangs on it is. */
static pb_product *attachment(pb_tracked *root, const pb_object *o)
{
	while (root->mail.n > root->base.n && (o->path->n <= root->mail.n || !pb_path_within(o->path, &root->mail)))
		pb_path_pop(&root->mail);
	if (o->path->n == root->mail.n + 1) {
		const char *name = o->path->part[root->mail.n];

		root->current = SIZE_MAX;
		if (strcmp(o->kind->name, "mail") == 0) {
			root->memory |= pb_path_push(&root->mail, name) != PB_OK;
		} else if (!pb_wants_kind(&root->tracker->wants, o->kind, o->name_class)) {
			return NULL;
		} else if (root->n >= PB_TRACKED_ATTACHMENTS) {
			root->crowded = true;
		} else if (pb_tracked_add_product(root, o->path, root->mail.n, name, o->bytes.size) != NULL) {
			root->current = root->n - 1;
		} else {
			root->memory = true;
		}
	}
	return root->current < root->n ? &root->product[root->current] : NULL;
}

pb_product *pb_tracked_product_of_object(pb_tracked *s, const pb_object *o)
{
	pb_tracked *root = pb_tracked_root(s);

	if (root->state == PB_TRACKED_UNDECIDED && s != root) {
		root->early = true;
		return NULL;
	}
	if (root->state == PB_TRACKED_UNDECIDED && o->path->n == root->base.n)
		settle(root, o->kind, pb_wants_kind(&root->tracker->wants, o->kind, o->name_class), o->bytes.size);
	else if (root->state == PB_TRACKED_UNDECIDED)
		pb_tracked_settle_unseen(root);
	if (root->state == PB_TRACKED_PRODUCT)
		return root->n > 0 ? &root->product[0] : NULL;
	if (root->state != PB_TRACKED_MAIL)
		return NULL;
	if (s == root)
		return o->path->n > root->base.n ? attachment(root, o) : NULL;
	return root->current < root->n ? &root->product[root->current] : NULL;
}

pb_product *pb_tracked_product_of_path(pb_tracked *s, const pb_path *path)
{
	pb_tracked *root = pb_tracked_root(s);

	if (root->state == PB_TRACKED_UNDECIDED && s != root)
		root->early = true;
	else if (root->state == PB_TRACKED_UNDECIDED)
		pb_tracked_settle_unseen(root);
	for (size_t i = root->n; i > 0; i--)
		if (pb_path_within(path, &root->product[i - 1].chain))
			return &root->product[i - 1];
	return NULL;
}
