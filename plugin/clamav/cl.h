/* The one door to ClamAV's header. What ClamAV 1.5 added is declared here where the installed header is older: the hook
 * is built once and finds out at run time what the library beside it can do. */
#ifndef PROBITY_CLAMAV_CL_H
#define PROBITY_CLAMAV_CL_H

#include <clamav.h>

#if CLAMAV_VERSION_NUM < 0x010500

typedef enum cl_verdict_t {
	CL_VERDICT_NOTHING_FOUND,
	CL_VERDICT_TRUSTED,
	CL_VERDICT_STRONG_INDICATOR,
	CL_VERDICT_POTENTIALLY_UNWANTED
} cl_verdict_t;

typedef enum cl_scan_callback_t {
	CL_SCAN_CALLBACK_PRE_HASH,
	CL_SCAN_CALLBACK_PRE_SCAN,
	CL_SCAN_CALLBACK_POST_SCAN,
	CL_SCAN_CALLBACK_ALERT,
	CL_SCAN_CALLBACK_FILE_TYPE
} cl_scan_callback_t;

typedef struct cl_scan_layer cl_scan_layer_t;
typedef cl_error_t (*clcb_scan)(cl_scan_layer_t *layer, void *context);

void cl_engine_set_scan_callback(struct cl_engine *engine, clcb_scan callback, cl_scan_callback_t location);

/* Each gives a part of a layer that lives as long as the callback runs. */
cl_error_t cl_scan_layer_get_fmap(cl_scan_layer_t *layer, cl_fmap_t **map);
cl_error_t cl_scan_layer_get_parent_layer(cl_scan_layer_t *layer, cl_scan_layer_t **parent);
cl_error_t cl_scan_layer_get_type(cl_scan_layer_t *layer, const char **type);
cl_error_t cl_scan_layer_get_recursion_level(cl_scan_layer_t *layer, uint32_t *level);
cl_error_t cl_fmap_get_name(cl_fmap_t *map, const char **name);
cl_error_t cl_fmap_get_fd(const cl_fmap_t *map, int *fd, size_t *offset, size_t *length);
cl_error_t cl_fmap_get_size(const cl_fmap_t *map, size_t *size);
cl_error_t cl_fmap_get_data(const cl_fmap_t *map, size_t offset, size_t length, const uint8_t **data, size_t *got);

cl_error_t cl_scandesc_ex(int fd, const char *name, cl_verdict_t *verdict, const char **alert, uint64_t *scanned,
                          const struct cl_engine *engine, struct cl_scan_options *options, void *context,
                          const char *hash_hint, char **hash, const char *hash_algorithm, const char *type_hint,
                          char **type);
cl_error_t cl_scanfile_ex(const char *name, cl_verdict_t *verdict, const char **alert, uint64_t *scanned,
                          const struct cl_engine *engine, struct cl_scan_options *options, void *context,
                          const char *hash_hint, char **hash, const char *hash_algorithm, const char *type_hint,
                          char **type);
cl_error_t cl_scanmap_ex(cl_fmap_t *map, const char *name, cl_verdict_t *verdict, const char **alert, uint64_t *scanned,
                         const struct cl_engine *engine, struct cl_scan_options *options, void *context,
                         const char *hash_hint, char **hash, const char *hash_algorithm, const char *type_hint,
                         char **type);

#endif

#endif
