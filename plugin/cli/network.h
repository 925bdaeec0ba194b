/* What the subcommands with a network share: settings, the job, its folders. None of them opens a socket: probity-collect does. */
#ifndef PROBITY_CLI_NETWORK_H
#define PROBITY_CLI_NETWORK_H

#include <stdbool.h>

#include "base/error.h"
#include "base/json.h"

int pb_cli_collect(int argc, char **argv);
int pb_cli_push(int argc, char **argv);

/* The settings of the file (NULL: probity.conf), refused where [collector] is not enabled. */
int pb_network_settings(const char *file, json_t **out, pb_error *err);

/* A new job with that task; takes the settings over. NULL: no memory. */
json_t *pb_network_job(const char *task, json_t *settings);

/* A folder of probity's cache, made where it is missing: the key of the settings, else NAME below the cache's folder. Fresh string. */
int pb_network_folder(const json_t *settings, const char *key, const char *name, char **out, pb_error *err);

/* Is this argument a product by its URL? */
bool pb_network_is_url(const char *text);

/* Downloads a product into a fresh folder below the temporary one, and holds it against the digest (64 hex digits). *file: its path; *folder: to remove
 * afterwards; both fresh strings. */
int pb_network_product(const char *url, const char *sha256, const char *config, char **folder, char **file, pb_error *err);

#endif
