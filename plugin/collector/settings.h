/* What the administrator lets the collector do: the sections [collector], [collector SOURCE] and [push] of probity.conf. */
#ifndef PROBITY_COLLECTOR_SETTINGS_H
#define PROBITY_COLLECTOR_SETTINGS_H

#include "base/error.h"
#include "base/json.h"

#define PB_COLLECTOR_CONFIG "/etc/probity/probity.conf"

/* file NULL: PB_COLLECTOR_CONFIG, which may be missing. A new object, with every key at its default where the file does not have it:
 *   {"file","enabled","sources":[],"cache","proxy","ca_file","connect_ms","total_ms","max_bytes","download_bytes","redirects","retries","retry_ms",
 *    "allow_private","resolve":[],"source":{NAME:{"hosts":[],"mirror","options":{}}},"push":{"url","format","index","token_file","outbox"}}
 * Sections that are not the collector's are the keeper's and passed over. PB_EINPUT: an unknown key, a value out of its range; err names file, line
 * and key. */
int pb_collector_settings(const char *file, json_t **out, pb_error *err);

/* The same, in memory, of what a process was handed: has it all members in their types? */
bool pb_collector_settings_hold(const json_t *settings);

#endif
