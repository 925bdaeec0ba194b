/* What probityd and `probity run` share: templates by a configuration, a listening socket, a service. */
#ifndef PROBITY_CLI_SERVE_H
#define PROBITY_CLI_SERVE_H

#include "clamav/reader.h"
#include "keeper/service.h"
#include "worker/roles.h"

/* Must not move while the service lives. */
typedef struct pb_serving {
	char *data, *patterns, *extra; /* folders: data, cache of patterns (NULL: none), own signatures */
	char temp[256];                /* libclamav's temporary files; "" none */
	size_t n_extra;                /* folders of config->rules */
	pb_rules_options rules;
	pb_reading_options reading;
} pb_serving;

int pb_serving_open(pb_serving *s, pb_error *err); /* patterns is left to the caller */
void pb_serving_close(pb_serving *s);

/* pb_service_options.specs; user: pb_serving. */
int pb_serving_specs(pb_serving *s, const pb_config *config, pb_template_spec *rules, pb_template_spec *clamav, pb_error *err);

/* A listening SOCK_SEQPACKET socket at path (an older one that nobody listens at is replaced), of this mode. The descriptor, or -1 with err. */
int pb_listen(const char *path, unsigned mode, pb_error *err);

#endif
