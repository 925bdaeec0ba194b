/* Stand-ins for libclamav's functions that make and set up engines. They do what libclamav does, and remember. */
#include "clamav/hook.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT struct cl_engine *cl_engine_new(void)
{
	__typeof__(&cl_engine_new) real = PB_REAL(cl_engine_new);
	struct cl_engine *engine = real != NULL ? real() : NULL;

	(void)pb_engine_add(engine);
	return engine;
}

EXPORT cl_error_t cl_engine_addref(struct cl_engine *engine)
{
	__typeof__(&cl_engine_addref) real = PB_REAL(cl_engine_addref);
	cl_error_t rc = real != NULL ? real(engine) : CL_ENULLARG;

	if (rc == CL_SUCCESS)
		pb_engine_reference(engine);
	return rc;
}

/* Forgotten first: as soon as it is freed, another thread may get the same address for a new one. */
EXPORT cl_error_t cl_engine_free(struct cl_engine *engine)
{
	__typeof__(&cl_engine_free) real = PB_REAL(cl_engine_free);

	pb_engine_release(engine);
	return real != NULL ? real(engine) : CL_ENULLARG;
}

EXPORT cl_error_t cl_engine_compile(struct cl_engine *engine)
{
	__typeof__(&cl_engine_compile) real = PB_REAL(cl_engine_compile);
	pb_hooked *h = pb_engine_find(engine);

	if (real == NULL)
		return CL_ENULLARG;
	if (h != NULL) {
		pb_engine_install(engine, h);
		pb_engine_number(h);
	}
	return real(engine);
}

/* A host that sets the clean cache itself after a scan is asked again at the next one. */
EXPORT cl_error_t cl_engine_set_num(struct cl_engine *engine, enum cl_engine_field field, long long value)
{
	__typeof__(&cl_engine_set_num) real = PB_REAL(cl_engine_set_num);
	pb_hooked *h = field == CL_ENGINE_DISABLE_CACHE ? pb_engine_find(engine) : NULL;

	if (h != NULL)
		atomic_store(&h->uncached, false);
	return real != NULL ? real(engine, field, value) : CL_ENULLARG;
}

EXPORT struct cl_settings *cl_engine_settings_copy(const struct cl_engine *engine)
{
	__typeof__(&cl_engine_settings_copy) real = PB_REAL(cl_engine_settings_copy);
	struct cl_settings *settings = real != NULL ? real(engine) : NULL;

	pb_settings_copied(settings, engine);
	return settings;
}

EXPORT cl_error_t cl_engine_settings_apply(struct cl_engine *engine, const struct cl_settings *settings)
{
	__typeof__(&cl_engine_settings_apply) real = PB_REAL(cl_engine_settings_apply);
	cl_error_t rc = real != NULL ? real(engine, settings) : CL_ENULLARG;

	if (rc == CL_SUCCESS)
		pb_settings_applied(settings, engine);
	return rc;
}

EXPORT cl_error_t cl_engine_settings_free(struct cl_settings *settings)
{
	__typeof__(&cl_engine_settings_free) real = PB_REAL(cl_engine_settings_free);

	pb_settings_forget(settings);
	return real != NULL ? real(settings) : CL_ENULLARG;
}

/* The callbacks of the host are kept and called by the hook's own. Engines that the hook has not seen made are left
 * alone. */
EXPORT void cl_engine_set_clcb_file_inspection(struct cl_engine *engine, clcb_file_inspection callback)
{
	__typeof__(&cl_engine_set_clcb_file_inspection) real = PB_REAL(cl_engine_set_clcb_file_inspection);
	pb_hooked *h = pb_engine_find(engine);

	if (h != NULL)
		atomic_store(&h->inspect, callback);
	if (real != NULL)
		real(engine, h != NULL && (callback != NULL || !atomic_load(&h->modern)) ? pb_on_inspect : callback);
}

EXPORT void cl_engine_set_clcb_pre_scan(struct cl_engine *engine, clcb_pre_scan callback)
{
	__typeof__(&cl_engine_set_clcb_pre_scan) real = PB_REAL(cl_engine_set_clcb_pre_scan);
	pb_hooked *h = pb_engine_find(engine);

	if (h != NULL && atomic_load(&h->modern))
		h = NULL; /* 1.5 has both kinds: the hook has the other one */
	if (h != NULL) {
		atomic_store(&h->pre_scan, callback);
		atomic_fetch_and(&h->blind, ~(unsigned)PB_BLIND_PRE_SCAN);
	}
	if (real != NULL)
		real(engine, h != NULL ? pb_on_pre_scan : callback);
}

EXPORT void cl_engine_set_clcb_meta(struct cl_engine *engine, clcb_meta callback)
{
	__typeof__(&cl_engine_set_clcb_meta) real = PB_REAL(cl_engine_set_clcb_meta);
	pb_hooked *h = pb_engine_find(engine);

	if (h != NULL) {
		atomic_store(&h->meta, callback);
		atomic_fetch_and(&h->blind, ~(unsigned)PB_BLIND_META);
	}
	if (real != NULL)
		real(engine, h != NULL ? pb_on_meta : callback);
}

EXPORT void cl_engine_set_clcb_virus_found(struct cl_engine *engine, clcb_virus_found callback)
{
	__typeof__(&cl_engine_set_clcb_virus_found) real = PB_REAL(cl_engine_set_clcb_virus_found);
	pb_hooked *h = pb_engine_find(engine);

	if (h != NULL) {
		atomic_store(&h->found, callback);
		atomic_fetch_and(&h->blind, ~(unsigned)PB_BLIND_FOUND);
	}
	if (real != NULL)
		real(engine, h != NULL ? pb_on_found : callback);
}

EXPORT void cl_engine_set_scan_callback(struct cl_engine *engine, clcb_scan callback, cl_scan_callback_t location)
{
	__typeof__(&cl_engine_set_scan_callback) real = PB_REAL(cl_engine_set_scan_callback);
	pb_hooked *h = pb_engine_find(engine);
	bool opens = location == CL_SCAN_CALLBACK_PRE_SCAN, ours = opens || location == CL_SCAN_CALLBACK_PRE_HASH;

	if (h != NULL && ours)
		atomic_store(opens ? &h->scan_pre_scan : &h->pre_hash, callback);
	if (h != NULL && ours && atomic_load(&h->modern))
		callback = opens ? pb_on_scan_pre_scan : pb_on_pre_hash;
	if (real != NULL)
		real(engine, callback, location);
}
