/* --evidence, --waivers and --trust: what is handed to the process that reads evidence. Files are listed, opened and read as bytes here, nothing of them is parsed. */
#ifndef PROBITY_CLI_DOSSIER_H
#define PROBITY_CLI_DOSSIER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/json.h"

/* As named on the command line; borrowed. */
typedef struct pb_dossier_options {
	const char **evidence, **waivers, **trust;
	size_t n_evidence, n_waivers, n_trust;
	bool nobody;      /* no trust root counts, named or not */
} pb_dossier_options;

typedef struct pb_dossier {
	json_t *files;    /* [{"name","size","list","sha256","alone"?,"why"?}] (evidence/dossier.h) */
	int bytes;        /* of all files, one behind the other: a file in memory; -1: none */
	json_t *roots;    /* of trust */
	char digest[65];  /* over files: names, lists and digests */
	char trust[65];   /* over roots */
} pb_dossier;

/* Adds one to a list of them, whose memory is pb_dossier_options_free's. 0 or PB_ENOMEM. */
int pb_dossier_option(const char ***list, size_t *n, const char *path);
void pb_dossier_options_free(pb_dossier_options *o);

/* *out: NULL where neither evidence nor waivers are named and nobody is trusted; by a root alone the signatures in the product itself are judged.
 * What lies in a folder and is no file, a link, or too large is a document that was not read, by name. 0; PB_EINPUT, PB_EIO: what was named cannot be
 * had, or is a FIFO or a device. The usual roots, where nothing is named at all and they cannot be read, are told on stderr, and nobody is trusted. */
int pb_dossier_open(const pb_dossier_options *o, pb_dossier **out, pb_error *err);
void pb_dossier_close(pb_dossier *d); /* NULL is fine */

/* The input of the role "evidence" for one product: a sealed file in memory, or -1 with err. sha256: "" where unknown. */
int pb_dossier_send(const pb_dossier *d, const char *name, const char *sha256, uint64_t size, int64_t as_of, pb_error *err);

#endif
