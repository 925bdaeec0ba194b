/* Which callbacks did the host set on which engine? libclamav keeps one of each kind and cannot be asked. */
#include <stdlib.h>

#include "clamav/hook.h"

typedef _Atomic(pb_hooked *) list;

static list engines, settings;

static pb_hooked *find(list *l, const void *key)
{
	pb_hooked *h = key != NULL ? atomic_load(l) : NULL;

	while (h != NULL && atomic_load(&h->key) != key)
		h = atomic_load(&h->next);
	return h;
}

static void clear(pb_hooked *h)
{
	atomic_store(&h->references, 1);
	atomic_store(&h->inspect, (clcb_file_inspection)NULL);
	atomic_store(&h->meta, (clcb_meta)NULL);
	atomic_store(&h->found, (clcb_virus_found)NULL);
	atomic_store(&h->pre_scan, (clcb_pre_scan)NULL);
	atomic_store(&h->pre_hash, (clcb_scan)NULL);
	atomic_store(&h->scan_pre_scan, (clcb_scan)NULL);
	atomic_store(&h->blind, 0);
	atomic_store(&h->modern, false);
	atomic_store(&h->uncached, false);
}

static void forget(pb_hooked *h)
{
	if (h == NULL)
		return;
	clear(h);
	atomic_store(&h->key, (const void *)NULL);
}

/* Pointers are used again by malloc: an old record under the same key starts afresh. */
static pb_hooked *add(list *l, const void *key)
{
	pb_hooked *h = find(l, key), *head;

	if (h != NULL) {
		clear(h);
		return h;
	}
	for (h = atomic_load(l); h != NULL; h = atomic_load(&h->next)) {
		const void *none = NULL;
		if (atomic_compare_exchange_strong(&h->key, &none, key))
			return h;
	}
	h = calloc(1, sizeof *h);
	if (h == NULL)
		return NULL;
	clear(h);
	atomic_store(&h->key, key);
	head = atomic_load(l);
	do
		atomic_store(&h->next, head);
	while (!atomic_compare_exchange_weak(l, &head, h));
	return h;
}

static bool is_modern(void)
{
	return PB_REAL(cl_engine_set_scan_callback) != NULL && PB_REAL(cl_scan_layer_get_fmap) != NULL &&
	       PB_REAL(cl_scan_layer_get_parent_layer) != NULL && PB_REAL(cl_scan_layer_get_type) != NULL &&
	       PB_REAL(cl_scan_layer_get_recursion_level) != NULL && PB_REAL(cl_fmap_get_name) != NULL &&
	       PB_REAL(cl_fmap_get_fd) != NULL && PB_REAL(cl_fmap_get_size) != NULL &&
	       PB_REAL(cl_fmap_get_data) != NULL;
}

pb_hooked *pb_engine_add(const void *engine)
{
	pb_hooked *h = engine != NULL ? add(&engines, engine) : NULL;

	if (h != NULL)
		atomic_store(&h->modern, is_modern());
	return h;
}

pb_hooked *pb_engine_find(const void *engine)
{
	return find(&engines, engine);
}

void pb_engine_reference(const void *engine)
{
	pb_hooked *h = find(&engines, engine);

	if (h != NULL)
		atomic_fetch_add(&h->references, 1);
}

void pb_engine_release(const void *engine)
{
	pb_hooked *h = find(&engines, engine);

	if (h != NULL && atomic_fetch_sub(&h->references, 1) <= 1)
		forget(h);
}

bool pb_engine_opens(const pb_hooked *h)
{
	return (atomic_load(&h->blind) & PB_BLIND_PRE_SCAN) == 0 &&
	       (atomic_load(&h->modern) || PB_REAL(cl_engine_set_clcb_pre_scan) != NULL);
}

/* set: the hook's callbacks; else the host's. */
static void put(struct cl_engine *engine, pb_hooked *h, bool set)
{
	__typeof__(&cl_engine_set_clcb_file_inspection) inspect = PB_REAL(cl_engine_set_clcb_file_inspection);
	__typeof__(&cl_engine_set_clcb_pre_scan) pre_scan = PB_REAL(cl_engine_set_clcb_pre_scan);
	__typeof__(&cl_engine_set_clcb_meta) meta = PB_REAL(cl_engine_set_clcb_meta);
	__typeof__(&cl_engine_set_clcb_virus_found) found = PB_REAL(cl_engine_set_clcb_virus_found);
	__typeof__(&cl_engine_set_scan_callback) scan = PB_REAL(cl_engine_set_scan_callback);
	unsigned blind = atomic_load(&h->blind);
	bool modern = atomic_load(&h->modern);

	if (modern)
		scan(engine, set ? pb_on_pre_hash : atomic_load(&h->pre_hash), CL_SCAN_CALLBACK_PRE_HASH);
	else if (inspect != NULL)
		inspect(engine, set ? pb_on_inspect : atomic_load(&h->inspect));
	if (modern && pb_engine_opens(h))
		scan(engine, set ? pb_on_scan_pre_scan : atomic_load(&h->scan_pre_scan), CL_SCAN_CALLBACK_PRE_SCAN);
	else if (pb_engine_opens(h))
		pre_scan(engine, set ? pb_on_pre_scan : atomic_load(&h->pre_scan));
	if (meta != NULL && (blind & PB_BLIND_META) == 0)
		meta(engine, set ? pb_on_meta : atomic_load(&h->meta));
	if (found != NULL && (blind & PB_BLIND_FOUND) == 0)
		found(engine, set ? pb_on_found : atomic_load(&h->found));
}

void pb_engine_install(struct cl_engine *engine, pb_hooked *h)
{
	put(engine, h, true);
}

void pb_engine_remove(struct cl_engine *engine, pb_hooked *h)
{
	put(engine, h, false);
}

/* The engine is in use by other threads: this sets one bit in a word that they only read, and only one thread gets
 * here. */
void pb_engine_uncache(const struct cl_engine *engine, pb_hooked *h)
{
	__typeof__(&cl_engine_set_num) set = PB_REAL(cl_engine_set_num);

	if (set != NULL && !atomic_exchange(&h->uncached, true))
		(void)set((struct cl_engine *)engine, CL_ENGINE_DISABLE_CACHE, 1);
}

/* What libclamav copies are the hook's callbacks; the host's go along here. file_inspection and 1.5's callbacks are not
 * copied. */
void pb_settings_copied(const void *copy, const void *engine)
{
	const pb_hooked *from = find(&engines, engine);
	pb_hooked *to = from != NULL && copy != NULL ? add(&settings, copy) : NULL;

	if (to == NULL) {
		forget(find(&settings, copy)); /* an old one of the same address */
		return;
	}
	atomic_store(&to->pre_scan, atomic_load(&from->pre_scan));
	atomic_store(&to->meta, atomic_load(&from->meta));
	atomic_store(&to->found, atomic_load(&from->found));
	atomic_store(&to->blind, atomic_load(&from->blind));
}

/* Settings whose source the hook did not see bring the host's callbacks themselves: those stay. */
void pb_settings_applied(const void *copy, const void *engine)
{
	const pb_hooked *from = find(&settings, copy);
	pb_hooked *to = find(&engines, engine);

	if (to == NULL && from != NULL)
		to = pb_engine_add(engine); /* it has the hook's callbacks now: they have to find the host's */
	if (to == NULL)
		return;
	atomic_store(&to->pre_scan, from != NULL ? atomic_load(&from->pre_scan) : (clcb_pre_scan)NULL);
	atomic_store(&to->meta, from != NULL ? atomic_load(&from->meta) : (clcb_meta)NULL);
	atomic_store(&to->found, from != NULL ? atomic_load(&from->found) : (clcb_virus_found)NULL);
	atomic_store(&to->blind, from != NULL ? atomic_load(&from->blind) : PB_BLIND_META | PB_BLIND_FOUND |
	                                                                         (atomic_load(&to->modern) ? 0u : PB_BLIND_PRE_SCAN));
	atomic_store(&to->uncached, false);
}

void pb_settings_forget(const void *copy)
{
	forget(find(&settings, copy));
}

#define PB_ANY(function, type, member)                                                                                 \
	type function(void)                                                                                            \
	{                                                                                                              \
		type callback = NULL;                                                                                  \
		for (pb_hooked *h = atomic_load(&engines); h != NULL && callback == NULL; h = atomic_load(&h->next))   \
			callback = atomic_load(&h->member);                                                            \
		return callback;                                                                                       \
	}

PB_ANY(pb_any_inspect, clcb_file_inspection, inspect)
PB_ANY(pb_any_meta, clcb_meta, meta)
PB_ANY(pb_any_found, clcb_virus_found, found)
PB_ANY(pb_any_pre_scan, clcb_pre_scan, pre_scan)
PB_ANY(pb_any_pre_hash, clcb_scan, pre_hash)
PB_ANY(pb_any_scan_pre_scan, clcb_scan, scan_pre_scan)

void pb_engine_number(pb_hooked *h)
{
	static atomic_uint last;

	atomic_store(&h->serial, atomic_fetch_add(&last, 1) + 1);
}
