/* The template of rules: opened once, unboxed, by a process that sees no product; its roles are forked from it. */
#ifndef PROBITY_WORKER_ROLES_H
#define PROBITY_WORKER_ROLES_H

#include "wire/role.h"
#include "worker/rules.h"

typedef struct pb_rules_options {
	pb_catalogue_options catalogue; /* data_dir NULL: pb_fs_data_dir(). strict: anything refused, of whomever, and opening
	                                   fails as a whole */
	const char *cache_dir;          /* of compiled patterns; NULL: none */
} pb_rules_options;

/* pb_template_spec's open: user is a const pb_rules_options *, *state a pb_rules * (pb_rules_template_close). about:
 * {"rules_digest": of checks and rules; "map_digest": of these and of all programs that an object result depends on (for
 * caches); "checks":n, "ids":["integrity.x",...] by index, as PB_AT_CHECK counts; "refused":["FILE:LINE: ...",...]; "noticed": likewise, of lint;
 *  "yara":"4.2.3", "lua":"5.4.4", "probity":"0.1.0", "box":pb_box_about(), "rule_sets":pb_rules_sets(), "packs":pb_rules_packs()} */
int pb_rules_template_open(void *user, void **state, json_t **about, pb_error *err);
void pb_rules_template_close(void *state);

/* worker, reducer, catalogue, repl, evidence. Whoever assembles the template may put more roles behind them: they get the same state. */
enum { PB_RULES_ROLES = 5 };
extern const pb_role pb_rules_roles[PB_RULES_ROLES];

/* The role "catalogue": sends PB_MSG_RESULT {"checks":[...as pb_samples_of],"patterns":[{"space","text"}],"refused":[...],"rules_digest"} to fd[0], then PB_MSG_DONE, from inside of the box: who asks
 * for it needs no Lua. Returns 0, or 1. */
int pb_catalogue_main(void *state, const pb_role_args *args);

#endif
