#include "object/content.h"

#include <unistd.h>

#include "base/error.h"
#include "base/scratch.h"

static int fill_hole(pb_buf *b, uint64_t at)
{
	static const uint8_t zeros[65536];
	int rc = 0;

	while (b->size < at && !rc) {
		uint64_t gap = at - b->size;

		rc = pb_buf_add(b, zeros, gap < sizeof zeros ? (size_t)gap : sizeof zeros);
	}
	return rc;
}

/* What is in memory moves into a file. */
static int move(pb_content *c)
{
	int fd = c->file != NULL ? c->file(c->user) : -1;

	if (fd < 0)
		return PB_EIO;
	c->fd = fd;
	c->filed = true;
	if (!pb_scratch_write(fd, 0, (pb_bytes){c->memory.data, c->memory.size}))
		return PB_EIO;
	pb_buf_free(&c->memory);
	return 0;
}

int pb_content_add(pb_content *c, pb_bytes block, uint64_t at)
{
	uint64_t end = at + block.size;
	int rc = 0;

	if (!c->filed && c->file != NULL && end > PB_CONTENT_MEMORY)
		rc = move(c);
	if (!rc && c->filed)
		rc = pb_scratch_write(c->fd, at, block) ? 0 : PB_EIO; /* a hole in the file is one on the disk */
	else if (!rc)
		rc = fill_hole(&c->memory, at) || pb_buf_add(&c->memory, block.data, block.size) ? PB_ENOMEM : 0;
	if (!rc)
		c->size = end;
	return rc;
}

int pb_content_bytes(pb_content *c, pb_bytes *out)
{
	*out = (pb_bytes){c->size > 0 ? c->memory.data : NULL, (size_t)c->size};
	if (!c->filed)
		return 0;
	if (c->map == NULL && ftruncate(c->fd, (off_t)c->size) == 0) /* it may end in a hole */
		c->map = pb_scratch_map(c->fd, (size_t)c->size);
	out->data = c->map;
	return c->map != NULL ? 0 : PB_ENOMEM;
}

void pb_content_clear(pb_content *c)
{
	pb_scratch_unmap(c->map, (size_t)c->size);
	if (c->filed)
		(void)close(c->fd);
	c->filed = false;
	c->map = NULL;
	c->size = c->memory.size = 0;
}

void pb_content_free(pb_content *c)
{
	pb_content_clear(c);
	pb_buf_free(&c->memory);
}
