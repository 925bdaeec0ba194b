/* The functions of probity.h: the same scans, begun and ended by the host itself. */
#include "base/version.h"
#include "clamav/hook.h"

#include <probity.h> /* as hosts include it */

/* Does the host's struct reach as far as this member? Hosts built with an older header have a shorter one. */
#define HAS(host, member) ((host)->size >= offsetof(probity_host, member) + sizeof((host)->member))

const char *probity_version(void)
{
	return PB_VERSION;
}

static void keep_callbacks(pb_hooked *h, const probity_host *host)
{
	if (HAS(host, file_inspection))
		atomic_store(&h->inspect, (clcb_file_inspection)host->file_inspection);
	if (HAS(host, meta))
		atomic_store(&h->meta, (clcb_meta)host->meta);
	if (HAS(host, virus_found))
		atomic_store(&h->found, (clcb_virus_found)host->virus_found);
	if (HAS(host, scan_pre_hash))
		atomic_store(&h->pre_hash, (clcb_scan)host->scan_pre_hash);
	if (!HAS(host, scan_pre_scan)) {
		atomic_fetch_or(&h->blind, PB_BLIND_PRE_SCAN); /* built with an older header: its callback stays */
		return;
	}
	atomic_store(&h->pre_scan, (clcb_pre_scan)host->pre_scan);
	atomic_store(&h->scan_pre_scan, (clcb_scan)host->scan_pre_scan);
}

int probity_attach(struct cl_engine *engine, const probity_host *host)
{
	pb_hooked *h;

	if (engine == NULL || pb_engine_find(engine) != NULL)
		return PROBITY_ARGUMENT;
	if (pb_real_preloaded())
		return PROBITY_PRELOADED;
	if (host != NULL && HAS(host, user) && host->resolve != NULL)
		pb_real_resolver(host->resolve, host->user);
	if (PB_REAL(cl_engine_set_clcb_file_inspection) == NULL || PB_REAL(cl_engine_set_clcb_meta) == NULL ||
	    PB_REAL(cl_engine_set_clcb_virus_found) == NULL)
		return PROBITY_NO_CLAMAV;
	h = pb_engine_add(engine);
	if (h == NULL)
		return PROBITY_NO_MEMORY;
	if (host != NULL)
		keep_callbacks(h, host);
	pb_engine_install(engine, h);
	return PROBITY_OK;
}

void probity_detach(struct cl_engine *engine)
{
	pb_hooked *h = pb_engine_find(engine);

	if (h == NULL)
		return;
	pb_engine_remove(engine, h);
	pb_engine_release(engine);
}

/* Which of the begins on this thread opened a scan: one bit each, the innermost lowest. */
int probity_scan_begin(const struct cl_engine *engine, int fd, const char *name)
{
	pb_thread *t = pb_thread_get(true);
	pb_scan *outer = pb_scan_current(), *s;

	if (t == NULL)
		return 0;
	if (outer != NULL)
		outer->in_host = true; /* the host itself says that this is a scan of its own */
	s = pb_scan_enter(engine, fd >= 0 ? fd : -1, name, NULL);
	t->begins = t->begins << 1 | (s != NULL);
	return s != NULL && s->number != 0;
}

void probity_scan_end(int result, const char *signature)
{
	pb_thread *t = pb_thread_get(false);
	pb_scan *s = pb_scan_current();
	bool known = t != NULL && (t->begins & 1) != 0;

	if (t != NULL)
		t->begins >>= 1;
	if (known && s != NULL)
		t->answer = pb_scan_leave(s, result, signature);
}

const char *probity_verdict(void)
{
	pb_thread *t = pb_thread_get(false);
	uint32_t number = t != NULL ? t->answer : 0;

	if (t != NULL)
		t->answer = 0;
	return t != NULL ? pb_verdict_wait(&t->stream, number) : NULL;
}
