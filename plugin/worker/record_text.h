/* Is the text of a record what a front writes of its object? Told without a JSON parser: that costs more than all else that is done
 * with an object whose result is there already. */
#ifndef PROBITY_WORKER_RECORD_TEXT_H
#define PROBITY_WORKER_RECORD_TEXT_H

#include "wire/lane.h"

/* true: text is one JSON object in canonical form that says of the object what o says of it (kind, class, name class, digest, size),
 * carries no result, and has a list of texts for its path. Whether these texts are well-formed and in bounds is left to whoever reads
 * the record. false: not so, or not known to be so: it has to be parsed. */
bool pb_record_text_fits(pb_bytes text, const pb_lane_object *o);

#endif
