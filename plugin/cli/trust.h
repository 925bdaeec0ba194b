/* Trust roots in folders, as `probity trust` keeps them and assessments read them. */
#ifndef PROBITY_CLI_TRUST_H
#define PROBITY_CLI_TRUST_H

#include "base/error.h"
#include "base/json.h"

typedef struct pb_trust_places {
	char *user, *system;  /* user: NULL where there is no home */
	const char *dirs[3];  /* both, the user's first; NULL at the end. Point into the above: it must not move */
} pb_trust_places;

/* 0 or PB_ENOMEM. */
int pb_trust_places_open(pb_trust_places *out, pb_error *err);
void pb_trust_places_close(pb_trust_places *p);

/* The roots in these folders (NULL at the end; one that is not there is empty), as pb_trust_open (evidence/trust.h) takes them: of one name the first. Files
 * that others than root and the caller could write are refused. *roots: a new reference. 0; PB_EINPUT, PB_EIO: err names the file. */
int pb_trust_roots(const char *const *dirs, json_t **roots, pb_error *err);

/* The verbs. */
typedef struct pb_trust_options {
	const char *role, *scope, *from, *until, *name;
	const char *folder; /* --trust */
	bool json, pem, user, system;
	char **words;       /* behind the verb */
	size_t n;
	pb_trust_places places;
	const char *const *dirs; /* that are read */
	const char *to;          /* that is written */
} pb_trust_options;

int pb_trust_add(pb_trust_options *o);
int pb_trust_show_all(pb_trust_options *o);
int pb_trust_show(pb_trust_options *o);
int pb_trust_remove(pb_trust_options *o);

#endif
