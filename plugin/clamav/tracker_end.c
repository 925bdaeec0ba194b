/* The last words on a scan: what was detected, what is missing, how it came out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clamav/found.h"
#include "clamav/tracker_inside.h"

enum {
	TINY = 5,  /* ClamAV shows no file of so few bytes */
	VIRUS = 1, /* what cl_scan* returns */
	VERIFIED = 33
};

/* ClamAV's own list of what it found; what the host alone was told (a detection that no callback saw) is put down to
 * the whole. */
static void tell_detections(pb_tracked *s, const pb_outcome *how)
{
	const pb_detection *found;
	const char *limit;
	pb_product *p;
	size_t count;

	found = pb_frame_detections(s->frame, &count);
	for (size_t i = 0; i < count && s->tracker->failed == PB_OK; i++)
		if ((p = pb_tracked_product_of_path(s, &found[i].path)) != NULL)
			pb_product_detection(s->tracker, p, &found[i].path, found[i].sha256, found[i].signature);
	if (how->ended || how->result != VIRUS || how->signature[0] == '\0' || s->found > 0)
		return;
	limit = pb_found_limit(how->signature);
	if ((p = pb_tracked_product_of_path(s, &s->base)) == NULL)
		return;
	if (limit != NULL)
		pb_product_limit(s->tracker, p, &s->base, limit);
	else
		pb_product_detection(s->tracker, p, &s->base, s->outer == NULL ? p->sha256 : "", how->signature);
}

/* What kept the list of objects from being whole. */
static void tell_gaps(pb_tracked *root, pb_product *p, const pb_outcome *how, const char *why)
{
	bool unseen = root->objects == 0 && how->lost == 0 && !how->ended;
	bool stopped = how->result == VIRUS && !how->ended && root->begin.allmatch == 0 && pb_found_limit(how->signature) == NULL;
	const struct {
		bool is;
		const char *why;
	} gaps[] = {
	    {unseen, "never shown to plugins by ClamAV: larger than its MaxFileSize, or of 5 bytes or less"},
	    {root->over, "more objects than the members budget"},
	    {root->over_metas, "more announced members than are kept"},
	    {root->crowded, "more attachments than are assessed"},
	    {root->changed, "changed while it was read"},
	    {root->early, "a scan inside the host's own callback came too early to be told apart"},
	    {root->memory, PB_WHY_MEMORY},
	    {stopped, "ClamAV stopped at its first detection"},
	    {how->ended, why},
	};
	char words[96];

	for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++)
		if (gaps[i].is)
			pb_product_limit(root->tracker, p, &p->chain, gaps[i].why);
	if (root->dropped > 0) {
		(void)snprintf(words, sizeof words, "dropped: the workers did not keep up (%llu objects)",
		               (unsigned long long)root->dropped);
		pb_product_limit(root->tracker, p, &p->chain, words);
	}
	if (how->lost > 0) {
		(void)snprintf(words, sizeof words, "lost: the workers did not keep up (%lu events)",
		               (unsigned long)how->lost);
		pb_product_limit(root->tracker, p, &p->chain, words);
	}
	if (how->result != 0 && how->result != VIRUS && how->result != VERIFIED && !how->ended) {
		(void)snprintf(words, sizeof words, "ClamAV stopped early (its code %ld)", (long)how->result);
		pb_product_limit(root->tracker, p, &p->chain, words);
	}
}

static void end_root(pb_tracked *root, const pb_outcome *how, const char *why)
{
	for (size_t i = 0; i < root->n && root->tracker->failed == PB_OK; i++) {
		pb_outcome one = *how;

		one.dropped = how->ended ? 0 : root->dropped;
		tell_gaps(root, &root->product[i], how, why);
		pb_product_end(root->tracker, &root->product[i], root->stream, root->number, &one);
	}
	if (root->state == PB_TRACKED_MAIL && root->n == 0 && root->tracker->failed == PB_OK)
		pb_tracked_skip(root, "mail");
}

void pb_tracked_free(pb_tracked *s)
{
	for (size_t i = 0; i < s->n; i++)
		pb_path_free(&s->product[i].chain);
	pb_tracked_forget(s);
	free(s->product);
	pb_path_free(&s->mail);
	pb_path_free(&s->base);
	pb_place_free(&s->place);
	free(s);
}

void pb_tracked_end(pb_tracked *s, const pb_outcome *how, const char *why)
{
	pb_frame *before = pb_frame_swap(s->frame);
	bool tiny = s->begin.has_file && s->begin.size <= TINY && !s->inspected;
	bool open = s->outer == NULL && s->state == PB_TRACKED_UNDECIDED && s->tracker->failed == PB_OK;

	if (open && tiny && !s->place.grouped)
		pb_tracked_skip(s, "data");
	else if (open)
		pb_tracked_settle_unseen(s);
	tell_detections(s, how);
	pb_frame_end(s->frame);
	(void)pb_frame_swap(before);
	if (s->outer == NULL)
		end_root(s, how, why);
	pb_tracked_free(s);
}
