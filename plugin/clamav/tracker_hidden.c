/* What ClamAV knows from its clean cache it inspects and leaves: nothing that lies in it is shown. Its bytes were, so that a reader can
 * open them instead. Whether an object was left is known only when the next entry of its scan comes: until then its bytes are kept. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clamav/may_hold.h"
#include "clamav/tracker_inside.h"

enum { PIECE = 256 << 10 };

void pb_tracked_remember(pb_tracked *s, const pb_product *p, const pb_object *o)
{
	pb_tracked *root = pb_tracked_root(s);
	pb_kept *k = &s->kept;
	bool mail = p == NULL && root->state == PB_TRACKED_MAIL && strcmp(o->kind->name, "mail") == 0;

	pb_tracked_forget(s);
	if (p == NULL && !mail)
		return;
	if (pb_path_copy(o->path, &k->path) != PB_OK) {
		root->memory = true;
		return;
	}
	k->is = true;
	k->product = p != NULL ? (size_t)(p - root->product) : SIZE_MAX;
	k->kind = o->kind;
	k->size = o->bytes.size;
	k->payload = o->payload;
	k->fd = -1;
	memcpy(k->sha256, o->sha256, sizeof k->sha256);
	memcpy(k->clam_type, o->clam_type, sizeof k->clam_type);
}

bool pb_tracked_keeps(const pb_tracked *s)
{
	return s->kept.is;
}

void pb_tracked_keep(pb_tracked *s, uint32_t serial, const pb_keep *what)
{
	if (what == NULL) {
		pb_tracked_forget(s);
		return;
	}
	s->kept.serial = serial;
	s->kept.bytes = what->bytes;
	s->kept.held = what->held;
	s->kept.fd = what->fd;
}

void pb_tracked_forget(pb_tracked *s)
{
	pb_kept *k = &s->kept;

	if (!k->is)
		return;
	s->tracker->held -= k->held;
	free(k->bytes);
	if (k->fd >= 0)
		(void)close(k->fd);
	pb_path_free(&k->path);
	*k = (pb_kept){.fd = -1};
}

/* A file that is shortened or changed meanwhile is its reader's to tell. */
static bool file_may_hold(pb_may_hold *m, int fd)
{
	uint8_t *piece = m->sure ? NULL : malloc(PIECE);
	off_t at = 0;
	ssize_t n = 1;

	while (piece != NULL && !m->found && n > 0) {
		n = pread(fd, piece, PIECE, at);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0 && !pb_may_hold_more(m, (pb_bytes){piece, (size_t)n}))
			at += n;
	}
	free(piece);
	return m->found || piece == NULL || n < 0; /* what was not looked at may hold anything */
}

static bool may_hold(const pb_kept *k)
{
	pb_may_hold m = k->product == SIZE_MAX ? pb_may_hold_mail() : pb_may_hold_begin(k->kind, k->clam_type);

	return k->bytes != NULL ? pb_may_hold_more(&m, (pb_bytes){k->bytes, (size_t)k->size}) : file_may_hold(&m, k->fd);
}

/* A mail is no product, what hangs on it is: where that is not shown, the mail is one after all. */
static pb_product *mail_as_product(pb_tracked *root, const pb_kept *k)
{
	pb_product *p;

	if (!may_hold(k))
		return NULL;
	if (root->n >= PB_TRACKED_ATTACHMENTS) {
		root->crowded = true;
		return NULL;
	}
	p = pb_tracked_add_product(root, &k->path, k->path.n - 1, k->path.part[k->path.n - 1], k->size);
	if (p == NULL) {
		root->memory = true;
		return NULL;
	}
	memcpy(p->sha256, k->sha256, sizeof p->sha256);
	memcpy(p->kind, k->kind->name, strlen(k->kind->name) + 1);
	return p;
}

static void on_hidden(pb_tracked *s)
{
	pb_tracked *root = pb_tracked_root(s);
	const pb_kept *k = &s->kept;
	bool mail = k->product == SIZE_MAX;
	pb_product *p = mail ? mail_as_product(root, k) : &root->product[k->product];

	if (p == NULL)
		return;
	p->hidden++;
	p->whole |= k->path.n == p->chain.n && pb_path_within(&k->path, &p->chain);
	if (mail || may_hold(k))
		pb_product_unpack(s->tracker, p, &(pb_container){.path = &k->path,
		                                                 .sha256 = k->sha256,
		                                                 .size = k->size,
		                                                 .bytes = k->bytes,
		                                                 .fd = k->fd,
		                                                 .hidden = true,
		                                                 .inside = !mail,
		                                                 .payload = k->payload});
}

void pb_tracked_opened(pb_tracked *s, uint32_t opened)
{
	if (s->kept.is && s->kept.serial != opened && opened != PB_OPENED_UNKNOWN && s->tracker->failed == PB_OK)
		on_hidden(s);
	pb_tracked_forget(s);
}
