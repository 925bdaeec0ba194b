/* What libclamav tells: passed on to the stream of the scan, then to the host. An object is inspected, looked up in the clean cache, and,
 * where it is not known there, opened: pre_scan says so, before anything else of it is shown. */
#include <errno.h>

#include "clamav/hook.h"

/* The host's callback runs between these two. It may start scans, which are then scans of their own. */
static void host_starts(pb_scan *s, int saved_errno)
{
	if (s != NULL)
		s->in_host = true;
	errno = saved_errno;
}

static void host_is_back(pb_scan *s)
{
	if (s != NULL)
		s->in_host = false;
}

cl_error_t pb_on_inspect(int fd, const char *type, const char **ancestors, size_t parent_size, const char *name,
                         size_t size, const char *buffer, uint32_t level, uint32_t attributes, void *context)
{
	int saved = errno;
	pb_scan *s = pb_scan_current();
	clcb_file_inspection host = s != NULL ? atomic_load(&s->hooked->inspect) : pb_any_inspect();
	const pb_shown shown = {.fd = fd, .level = level, .n_ancestors = ancestors != NULL ? level : 0, .type = type,
	                        .name = name, .ancestors = ancestors, .size = size, .parent_size = parent_size,
	                        .bytes = buffer};
	cl_error_t rc = CL_CLEAN;

	if (s != NULL && !atomic_load(&s->hooked->modern)) /* else the layer was told already */
		pb_tell_object(s, &shown);
	host_starts(s, saved);
	if (host != NULL)
		rc = host(fd, type, ancestors, parent_size, name, size, buffer, level, attributes, context);
	host_is_back(s);
	if (s != NULL && rc != CL_CLEAN)
		s->opened = s->objects; /* the host itself had it left closed: no cache hides anything */
	return rc;
}

cl_error_t pb_on_pre_scan(int fd, const char *type, void *context)
{
	int saved = errno;
	pb_scan *s = pb_scan_current();
	clcb_pre_scan host = s != NULL ? atomic_load(&s->hooked->pre_scan) : pb_any_pre_scan();
	cl_error_t rc = CL_CLEAN;

	if (s != NULL)
		s->opened = s->objects;
	host_starts(s, saved);
	if (host != NULL)
		rc = host(fd, type, context);
	host_is_back(s);
	return rc;
}

cl_error_t pb_on_meta(const char *type, unsigned long packed, const char *name, unsigned long size, int encrypted,
                      unsigned int position, void *context)
{
	int saved = errno;
	pb_scan *s = pb_scan_current();
	clcb_meta host = s != NULL ? atomic_load(&s->hooked->meta) : pb_any_meta();
	cl_error_t rc = CL_CLEAN;

	if (s != NULL)
		pb_tell_meta(s, type, name, size, encrypted != 0);
	host_starts(s, saved);
	if (host != NULL)
		rc = host(type, packed, name, size, encrypted, position, context);
	host_is_back(s);
	return rc;
}

void pb_on_found(int fd, const char *signature, void *context)
{
	int saved = errno;
	pb_scan *s = pb_scan_current();
	clcb_virus_found host = s != NULL ? atomic_load(&s->hooked->found) : pb_any_found();

	if (s != NULL)
		pb_tell_found(s, fd, signature);
	host_starts(s, saved);
	if (host != NULL)
		host(fd, signature, context);
	host_is_back(s);
}
