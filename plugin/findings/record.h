/* What map says of one object, and what a reader says of one object of a product: their serial forms.
 * Map is pure: everything that reduce may see of an object passes through here. */
#ifndef PROBITY_FINDINGS_RECORD_H
#define PROBITY_FINDINGS_RECORD_H

#include "base/error.h"
#include "base/json.h"
#include "findings/terms.h"

enum { PB_KEY_MAX = 512, PB_EXCERPT_MAX = 400, PB_SAYS_MAX = 600 };

/* One finding about one object, as a script raised it. Strings borrowed. */
typedef struct pb_raised {
	const char *check, *finding, *key; /* key: at most PB_KEY_MAX bytes of display form */
	int kappa;                         /* permille */
	pb_severity severity;
	const char *says;                  /* already formatted, display form */
	int64_t at, length;                /* bytes in the object; at -1: the object as a whole */
	const char *excerpt;               /* display form, "" where there is none */
} pb_raised;

/* An object result: {"facts":{...},"findings":[...],"notes"?:{check:[note,...]} (note.h),"unknown":{check:reason}}. New reference; NULL: no memory. Takes its own
 * reference to facts. */
json_t *pb_result_new(json_t *facts);
int pb_result_add(json_t *result, const pb_raised *raised);                          /* 0, PB_ENOMEM */
int pb_result_unknown(json_t *result, const char *check, const char *reason);        /* the first reason stays */

/* Checks every field of an object record {"path","sha256","size","kind","class","name_class","container","unscanned"?,"md5"?,"clam_type"?,"result"?} and of
 * the object result inside: types, ranges, spellings, lengths. It is another process's message: hostile. 0 or PB_ECORRUPT. */
int pb_record_valid(const json_t *record, pb_error *err);

#endif
