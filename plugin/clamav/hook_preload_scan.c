/* Stand-ins for libclamav's functions that scan. What ClamAV says is passed on as it is; only a clean answer of an
 * outermost scan may become the keeper's alert. */
#include "clamav/hook.h"

#define EXPORT __attribute__((visibility("default")))

/* clamscan prints FOUND from its callback alone, and clamd --allmatch answers from there: it is called as libclamav
 * would. */
static const char *alert_of(pb_scan *s, int result, const char *signature, bool allowed, int fd, void *context)
{
	pb_thread *t = s->thread;
	clcb_virus_found host = atomic_load(&s->hooked->found);
	uint32_t number = pb_scan_leave(s, result, signature);
	const char *alert = allowed ? pb_verdict_wait(&t->stream, number) : NULL;

	if (alert != NULL && host != NULL)
		host(fd, alert, context);
	return alert;
}

static cl_error_t answer(pb_scan *s, cl_error_t rc, const char **virname, int fd, void *context)
{
	const char *alert;

	if (s == NULL)
		return rc;
	alert = alert_of(s, rc, rc == CL_VIRUS && virname != NULL ? *virname : NULL, virname != NULL, fd, context);
	if (alert == NULL)
		return rc;
	*virname = alert;
	return CL_VIRUS;
}

EXPORT cl_error_t cl_scandesc(int fd, const char *name, const char **virname, unsigned long *scanned,
                              const struct cl_engine *engine, struct cl_scan_options *options)
{
	__typeof__(&cl_scandesc) real = PB_REAL(cl_scandesc);
	pb_scan *s;

	if (real == NULL)
		return CL_ENULLARG;
	s = pb_scan_enter(engine, fd, name, options);
	return answer(s, real(fd, name, virname, scanned, engine, options), virname, fd, NULL);
}

EXPORT cl_error_t cl_scandesc_callback(int fd, const char *name, const char **virname, unsigned long *scanned,
                                       const struct cl_engine *engine, struct cl_scan_options *options, void *context)
{
	__typeof__(&cl_scandesc_callback) real = PB_REAL(cl_scandesc_callback);
	pb_scan *s;

	if (real == NULL)
		return CL_ENULLARG;
	s = pb_scan_enter(engine, fd, name, options);
	return answer(s, real(fd, name, virname, scanned, engine, options, context), virname, fd, context);
}

EXPORT cl_error_t cl_scanfile(const char *name, const char **virname, unsigned long *scanned,
                              const struct cl_engine *engine, struct cl_scan_options *options)
{
	__typeof__(&cl_scanfile) real = PB_REAL(cl_scanfile);
	pb_scan *s;

	if (real == NULL)
		return CL_ENULLARG;
	s = pb_scan_enter(engine, PB_FD_LATER, name, options);
	return answer(s, real(name, virname, scanned, engine, options), virname, -1, NULL);
}

EXPORT cl_error_t cl_scanfile_callback(const char *name, const char **virname, unsigned long *scanned,
                                       const struct cl_engine *engine, struct cl_scan_options *options, void *context)
{
	__typeof__(&cl_scanfile_callback) real = PB_REAL(cl_scanfile_callback);
	pb_scan *s;

	if (real == NULL)
		return CL_ENULLARG;
	s = pb_scan_enter(engine, PB_FD_LATER, name, options);
	return answer(s, real(name, virname, scanned, engine, options, context), virname, -1, context);
}

EXPORT cl_error_t cl_scanmap_callback(cl_fmap_t *map, const char *name, const char **virname, unsigned long *scanned,
                                      const struct cl_engine *engine, struct cl_scan_options *options, void *context)
{
	__typeof__(&cl_scanmap_callback) real = PB_REAL(cl_scanmap_callback);
	pb_scan *s;

	if (real == NULL)
		return CL_ENULLARG;
	s = pb_scan_enter(engine, -1, name, options);
	return answer(s, real(map, name, virname, scanned, engine, options, context), virname, -1, context);
}

/* ClamAV 1.5: the verdict is told apart from errors, and what ClamAV trusts stays trusted. */
static cl_error_t answer_ex(pb_scan *s, cl_error_t rc, cl_verdict_t *verdict, const char **alert_out, int fd,
                            void *context)
{
	bool found, clean;
	const char *alert;

	if (s == NULL)
		return rc;
	found = rc == CL_VIRUS ||
	        (rc == CL_SUCCESS && verdict != NULL &&
	         (*verdict == CL_VERDICT_STRONG_INDICATOR || *verdict == CL_VERDICT_POTENTIALLY_UNWANTED));
	clean = rc == CL_SUCCESS && verdict != NULL && *verdict == CL_VERDICT_NOTHING_FOUND;
	alert =
	    alert_of(s, found ? CL_VIRUS : (int)rc, found && alert_out != NULL ? *alert_out : NULL, clean, fd, context);
	if (alert != NULL) {
		*verdict = CL_VERDICT_STRONG_INDICATOR;
		if (alert_out != NULL)
			*alert_out = alert;
	}
	return rc;
}

EXPORT cl_error_t cl_scandesc_ex(int fd, const char *name, cl_verdict_t *verdict, const char **alert, uint64_t *scanned,
                                 const struct cl_engine *engine, struct cl_scan_options *options, void *context,
                                 const char *hash_hint, char **hash, const char *hash_algorithm, const char *type_hint,
                                 char **type)
{
	__typeof__(&cl_scandesc_ex) real = PB_REAL(cl_scandesc_ex);
	cl_error_t rc;
	pb_scan *s;

	if (real == NULL)
		return CL_ENULLARG;
	s = pb_scan_enter(engine, fd, name, options);
	rc = real(fd, name, verdict, alert, scanned, engine, options, context, hash_hint, hash, hash_algorithm,
	          type_hint, type);
	return answer_ex(s, rc, verdict, alert, fd, context);
}

EXPORT cl_error_t cl_scanfile_ex(const char *name, cl_verdict_t *verdict, const char **alert, uint64_t *scanned,
                                 const struct cl_engine *engine, struct cl_scan_options *options, void *context,
                                 const char *hash_hint, char **hash, const char *hash_algorithm, const char *type_hint,
                                 char **type)
{
	__typeof__(&cl_scanfile_ex) real = PB_REAL(cl_scanfile_ex);
	cl_error_t rc;
	pb_scan *s;

	if (real == NULL)
		return CL_ENULLARG;
	s = pb_scan_enter(engine, PB_FD_LATER, name, options);
	rc = real(name, verdict, alert, scanned, engine, options, context, hash_hint, hash, hash_algorithm, type_hint,
	          type);
	return answer_ex(s, rc, verdict, alert, -1, context);
}

EXPORT cl_error_t cl_scanmap_ex(cl_fmap_t *map, const char *name, cl_verdict_t *verdict, const char **alert,
                                uint64_t *scanned, const struct cl_engine *engine, struct cl_scan_options *options,
                                void *context, const char *hash_hint, char **hash, const char *hash_algorithm,
                                const char *type_hint, char **type)
{
	__typeof__(&cl_scanmap_ex) real = PB_REAL(cl_scanmap_ex);
	cl_error_t rc;
	pb_scan *s;

	if (real == NULL)
		return CL_ENULLARG;
	s = pb_scan_enter(engine, -1, name, options);
	rc = real(map, name, verdict, alert, scanned, engine, options, context, hash_hint, hash, hash_algorithm,
	          type_hint, type);
	return answer_ex(s, rc, verdict, alert, -1, context);
}
