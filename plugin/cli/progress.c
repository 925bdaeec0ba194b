#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void pb_progress_begin(pb_progress *p, bool on)
{
	memset(p, 0, sizeof *p);
	p->on = on;
	p->began = p->shown = now_ms();
}

void pb_progress_show(pb_progress *p, const char *path)
{
	struct winsize w;
	int64_t now;
	if (!p->on || (now = now_ms()) - p->shown < 100)
		return;
	p->shown = now;
	int columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 20 ? w.ws_col : 80;
	double seconds = (double)(now - p->began) / 1000.0;
	char head[96];
	int n = snprintf(head, sizeof head, "%llu objects  %.1f MB/s  ", (unsigned long long)p->objects,
	                 (double)p->bytes / 1e6 / seconds);
	int room = columns - n - 1;
	size_t length = strlen(path);
	/* The end of a path says more than its beginning; a cut may fall into a character, so only ASCII tails are cut. */
	const char *tail = path;
	if (room < 4)
		tail = "";
	else if (length > (size_t)room) {
		tail = path + length - (size_t)room + 3;
		while (((unsigned char)*tail & 0xc0) == 0x80)
			tail++;
	}
	fprintf(stderr, "\r\033[K%s%s%s", head, tail != path && *tail ? "..." : "", tail);
	fflush(stderr);
}

void pb_progress_count(pb_progress *p, const char *what, uint64_t done, uint64_t of)
{
	int64_t now;
	if (!p->on || (now = now_ms()) - p->shown < 100)
		return;
	p->shown = now;
	fprintf(stderr, "\r\033[K%s: %llu of %llu", what, (unsigned long long)done, (unsigned long long)of);
	fflush(stderr);
}

void pb_progress_end(pb_progress *p)
{
	if (p->on) {
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
	p->on = false;
}
