/* The fake's engines: made, set up, copied, freed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

struct cl_engine *cl_engine_new(void)
{
	struct cl_engine *e = calloc(1, sizeof *e);

	if (e != NULL)
		e->references = 1;
	return e;
}

cl_error_t cl_engine_addref(struct cl_engine *engine)
{
	engine->references++;
	return CL_SUCCESS;
}

cl_error_t cl_engine_free(struct cl_engine *engine)
{
	if (--engine->references == 0)
		free(engine);
	return CL_SUCCESS;
}

cl_error_t cl_engine_compile(struct cl_engine *engine)
{
	engine->compiled = 1;
	return CL_SUCCESS;
}

cl_error_t cl_engine_set_num(struct cl_engine *engine, enum cl_engine_field field, long long value)
{
	if (field == CL_ENGINE_DISABLE_CACHE)
		engine->set.uncached = value;
	return CL_SUCCESS;
}

long long cl_engine_get_num(const struct cl_engine *engine, enum cl_engine_field field, int *err)
{
	if (err != NULL)
		*err = CL_SUCCESS;
	return field == CL_ENGINE_DISABLE_CACHE ? engine->set.uncached : 0;
}

struct cl_settings *cl_engine_settings_copy(const struct cl_engine *engine)
{
	struct cl_settings *s = malloc(sizeof *s);

	if (s != NULL)
		*s = engine->set;
	return s;
}

cl_error_t cl_engine_settings_apply(struct cl_engine *engine, const struct cl_settings *settings)
{
	engine->set = *settings;
	return CL_SUCCESS;
}

cl_error_t cl_engine_settings_free(struct cl_settings *settings)
{
	free(settings);
	return CL_SUCCESS;
}

void cl_engine_set_clcb_file_inspection(struct cl_engine *engine, clcb_file_inspection callback)
{
	engine->inspect = callback;
}

void cl_engine_set_clcb_meta(struct cl_engine *engine, clcb_meta callback)
{
	engine->set.meta = callback;
}

void cl_engine_set_clcb_virus_found(struct cl_engine *engine, clcb_virus_found callback)
{
	engine->set.found = callback;
}

void cl_engine_set_clcb_pre_scan(struct cl_engine *engine, clcb_pre_scan callback)
{
	engine->set.pre_scan = callback;
}

void cl_engine_set_clcb_pre_cache(struct cl_engine *engine, clcb_pre_cache callback)
{
	engine->set.pre_cache = callback;
}

const char *cl_strerror(cl_error_t error)
{
	return error == CL_SUCCESS ? "no error" : "an error";
}

#ifdef FAKE_15
const char *cl_retver(void)
{
	return "1.5.fake";
}

void cl_engine_set_scan_callback(struct cl_engine *engine, clcb_scan callback, cl_scan_callback_t location)
{
	if (location == CL_SCAN_CALLBACK_PRE_HASH)
		engine->pre_hash = callback;
	else if (location == CL_SCAN_CALLBACK_PRE_SCAN)
		engine->scan_pre_scan = callback;
}

cl_error_t cl_scan_layer_get_fmap(cl_scan_layer_t *layer, cl_fmap_t **map)
{
	*map = &layer->map;
	return CL_SUCCESS;
}

cl_error_t cl_scan_layer_get_parent_layer(cl_scan_layer_t *layer, cl_scan_layer_t **parent)
{
	*parent = layer->parent;
	return CL_SUCCESS;
}

cl_error_t cl_scan_layer_get_type(cl_scan_layer_t *layer, const char **type)
{
	*type = layer->level == 0 ? "CL_TYPE_ZIP" : "CL_TYPE_BINARY_DATA";
	return CL_SUCCESS;
}

cl_error_t cl_scan_layer_get_recursion_level(cl_scan_layer_t *layer, uint32_t *level)
{
	*level = layer->level;
	return CL_SUCCESS;
}

cl_error_t cl_fmap_get_name(cl_fmap_t *map, const char **name)
{
	*name = map->name;
	return CL_SUCCESS;
}

cl_error_t cl_fmap_get_fd(const cl_fmap_t *map, int *fd, size_t *offset, size_t *length)
{
	*fd = map->fd;
	*offset = 0;
	*length = map->size;
	return map->fd >= 0 ? CL_SUCCESS : CL_EARG;
}

cl_error_t cl_fmap_get_size(const cl_fmap_t *map, size_t *size)
{
	*size = map->size;
	return CL_SUCCESS;
}

cl_error_t cl_fmap_get_data(const cl_fmap_t *map, size_t offset, size_t length, const uint8_t **data, size_t *got)
{
	if (offset > map->size || length > map->size - offset)
		return CL_EARG;
	*data = (const uint8_t *)map->bytes + offset;
	*got = length;
	return CL_SUCCESS;
}
#else
const char *cl_retver(void)
{
	return "1.4.fake";
}
#endif
