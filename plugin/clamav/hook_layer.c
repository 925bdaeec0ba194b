/* ClamAV 1.5 shows an object as a layer with accessors: the same facts as file_inspection gives in 1.4, one at a time.
 * Used only where all the accessors exist (pb_hooked.modern). */
#include <errno.h>

#include "clamav/hook.h"

static cl_fmap_t *map_of(cl_scan_layer_t *layer)
{
	cl_fmap_t *map = NULL;

	return layer != NULL && PB_REAL(cl_scan_layer_get_fmap)(layer, &map) == CL_SUCCESS ? map : NULL;
}

static const char *name_of(cl_fmap_t *map)
{
	const char *name = NULL;

	return map != NULL && PB_REAL(cl_fmap_get_name)(map, &name) == CL_SUCCESS ? name : NULL;
}

static size_t size_of(cl_fmap_t *map)
{
	size_t size = 0;

	return map != NULL && PB_REAL(cl_fmap_get_size)(map, &size) == CL_SUCCESS ? size : 0;
}

static cl_scan_layer_t *parent_of(cl_scan_layer_t *layer)
{
	cl_scan_layer_t *parent = NULL;

	return PB_REAL(cl_scan_layer_get_parent_layer)(layer, &parent) == CL_SUCCESS ? parent : NULL;
}

static uint32_t level_of(cl_scan_layer_t *layer)
{
	uint32_t level = 0;

	return PB_REAL(cl_scan_layer_get_recursion_level)(layer, &level) == CL_SUCCESS ? level : 0;
}

/* Names by level, outermost first, as 1.4 has them. Levels only fall on the way up, or it is no chain. */
static uint32_t ancestors_of(cl_scan_layer_t *layer, uint32_t level, const char *names[PB_EVENT_ANCESTORS])
{
	uint32_t n = level < PB_EVENT_ANCESTORS ? level : PB_EVENT_ANCESTORS;

	for (uint32_t i = 0; i < n; i++)
		names[i] = NULL;
	while ((layer = parent_of(layer)) != NULL) {
		uint32_t above = level_of(layer);
		if (above >= level)
			break;
		level = above;
		if (level < n)
			names[level] = name_of(map_of(layer));
	}
	return n;
}

static void show(pb_scan *s, cl_scan_layer_t *layer)
{
	const char *names[PB_EVENT_ANCESTORS];
	cl_fmap_t *map = map_of(layer);
	cl_scan_layer_t *parent;
	const uint8_t *bytes = NULL;
	size_t got = 0, offset = 0, length = 0;
	pb_shown shown = {.fd = -1};

	if (map == NULL)
		return;
	parent = parent_of(layer);
	shown.level = level_of(layer);
	shown.n_ancestors = ancestors_of(layer, shown.level, names);
	shown.ancestors = names;
	shown.name = name_of(map);
	shown.size = size_of(map);
	shown.parent_size = parent != NULL ? size_of(map_of(parent)) : 0;
	if (PB_REAL(cl_scan_layer_get_type)(layer, &shown.type) != CL_SUCCESS)
		shown.type = NULL;
	if (PB_REAL(cl_fmap_get_fd)(map, &shown.fd, &offset, &length) != CL_SUCCESS || offset != 0)
		shown.fd = -1;
	if (shown.size > 0 && PB_REAL(cl_fmap_get_data)(map, 0, (size_t)shown.size, &bytes, &got) == CL_SUCCESS &&
	    got == shown.size)
		shown.bytes = bytes;
	pb_tell_object(s, &shown);
}

/* The host's callback runs in between, and may start scans of its own. */
static cl_error_t call_host(pb_scan *s, clcb_scan host, cl_scan_layer_t *layer, void *context, int saved_errno)
{
	cl_error_t rc = CL_SUCCESS;

	if (s != NULL)
		s->in_host = true;
	errno = saved_errno;
	if (host != NULL)
		rc = host(layer, context);
	if (s != NULL)
		s->in_host = false;
	return rc;
}

cl_error_t pb_on_pre_hash(cl_scan_layer_t *layer, void *context)
{
	int saved = errno;
	pb_scan *s = pb_scan_current();
	cl_error_t rc;

	if (s != NULL && layer != NULL)
		show(s, layer);
	rc = call_host(s, s != NULL ? atomic_load(&s->hooked->pre_hash) : pb_any_pre_hash(), layer, context, saved);
	if (s != NULL && rc != CL_SUCCESS)
		s->opened = s->objects; /* the host itself had it left closed: no cache hides anything */
	return rc;
}

cl_error_t pb_on_scan_pre_scan(cl_scan_layer_t *layer, void *context)
{
	int saved = errno;
	pb_scan *s = pb_scan_current();

	if (s != NULL)
		s->opened = s->objects;
	return call_host(s, s != NULL ? atomic_load(&s->hooked->scan_pre_scan) : pb_any_scan_pre_scan(), layer, context, saved);
}
