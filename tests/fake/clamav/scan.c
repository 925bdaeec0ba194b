/* The fake's entry points. They call each other as libclamav's do, through the dynamic linker. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "fake.h"

cl_fmap_t *cl_fmap_open_memory(const void *start, size_t size)
{
	struct cl_fmap *m = calloc(1, sizeof *m);

	if (m != NULL)
		*m = (struct cl_fmap){NULL, start, size, -1};
	return m;
}

void cl_fmap_close(cl_fmap_t *map)
{
	free(map);
}

static cl_error_t run(int fd, cl_fmap_t *map, const char *name, const char **signature, const struct cl_engine *engine,
                      struct cl_scan_options *options, void *context)
{
	fake_scan s = {.engine = (struct cl_engine *)engine,
	               .context = context,
	               .fd = fd,
	               .all_matches = (options->general & CL_SCAN_GENERAL_ALLMATCHES) != 0};
	cl_error_t rc = map != NULL ? fake_run(&s, name, map->bytes, map->size) : fake_run_fd(&s, name);

	*signature = s.signature;
	return rc;
}

#ifdef FAKE_15
static cl_error_t split(cl_error_t rc, cl_verdict_t *verdict)
{
	*verdict = rc == CL_VIRUS ? CL_VERDICT_STRONG_INDICATOR : CL_VERDICT_NOTHING_FOUND;
	return rc == CL_VIRUS ? CL_SUCCESS : rc;
}

cl_error_t cl_scandesc_ex(int fd, const char *name, cl_verdict_t *verdict, const char **alert, uint64_t *scanned,
                          const struct cl_engine *engine, struct cl_scan_options *options, void *context,
                          const char *hash_hint, char **hash, const char *hash_algorithm, const char *type_hint,
                          char **type)
{
	(void)scanned, (void)hash_hint, (void)hash, (void)hash_algorithm, (void)type_hint, (void)type;
	return split(run(fd, NULL, name, alert, engine, options, context), verdict);
}

cl_error_t cl_scanfile_ex(const char *name, cl_verdict_t *verdict, const char **alert, uint64_t *scanned,
                          const struct cl_engine *engine, struct cl_scan_options *options, void *context,
                          const char *hash_hint, char **hash, const char *hash_algorithm, const char *type_hint,
                          char **type)
{
	int fd = open(name, O_RDONLY);
	cl_error_t rc = CL_EOPEN;

	if (fd < 0)
		return rc;
	rc = cl_scandesc_ex(fd, name, verdict, alert, scanned, engine, options, context, hash_hint, hash,
	                    hash_algorithm, type_hint, type);
	close(fd);
	return rc;
}

cl_error_t cl_scanmap_ex(cl_fmap_t *map, const char *name, cl_verdict_t *verdict, const char **alert, uint64_t *scanned,
                         const struct cl_engine *engine, struct cl_scan_options *options, void *context,
                         const char *hash_hint, char **hash, const char *hash_algorithm, const char *type_hint,
                         char **type)
{
	(void)scanned, (void)hash_hint, (void)hash, (void)hash_algorithm, (void)type_hint, (void)type;
	return split(run(-1, map, name, alert, engine, options, context), verdict);
}
#endif

cl_error_t cl_scanmap_callback(cl_fmap_t *map, const char *name, const char **virname, unsigned long *scanned,
                               const struct cl_engine *engine, struct cl_scan_options *options, void *context)
{
	(void)scanned;
	return run(-1, map, name, virname, engine, options, context);
}

cl_error_t cl_scandesc_callback(int fd, const char *name, const char **virname, unsigned long *scanned,
                                const struct cl_engine *engine, struct cl_scan_options *options, void *context)
{
#ifdef FAKE_15
	cl_verdict_t verdict;
	uint64_t much = 0;
	cl_error_t rc =
	    cl_scandesc_ex(fd, name, &verdict, virname, &much, engine, options, context, NULL, NULL, NULL, NULL, NULL);

	(void)scanned;
	return rc == CL_SUCCESS && verdict == CL_VERDICT_STRONG_INDICATOR ? CL_VIRUS : rc;
#else
	(void)scanned;
	return run(fd, NULL, name, virname, engine, options, context);
#endif
}

cl_error_t cl_scandesc(int fd, const char *name, const char **virname, unsigned long *scanned,
                       const struct cl_engine *engine, struct cl_scan_options *options)
{
	return cl_scandesc_callback(fd, name, virname, scanned, engine, options, NULL);
}

cl_error_t cl_scanfile_callback(const char *name, const char **virname, unsigned long *scanned,
                                const struct cl_engine *engine, struct cl_scan_options *options, void *context)
{
	int fd = open(name, O_RDONLY);
	cl_error_t rc;

	if (fd < 0)
		return CL_EOPEN;
	rc = cl_scandesc_callback(fd, name, virname, scanned, engine, options, context);
	close(fd);
	return rc;
}

cl_error_t cl_scanfile(const char *name, const char **virname, unsigned long *scanned, const struct cl_engine *engine,
                       struct cl_scan_options *options)
{
	return cl_scanfile_callback(name, virname, scanned, engine, options, NULL);
}
