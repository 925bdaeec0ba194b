/* What Probity itself writes: reports, opinions, the log and its checkpoints, what the collector fetched. Private to evidence/.
 *
 * Their numbers are taken as they stand: whether they follow from what the document holds is for `probity verify`, with the arithmetic of score/. */
#ifndef PROBITY_EVIDENCE_OURS_H
#define PROBITY_EVIDENCE_OURS_H

#include "evidence/reader.h"

bool pb_is_report(const pb_reading *r); /* probity-report/1 */
void pb_read_report(pb_reading *r);
bool pb_is_opinion(const pb_reading *r); /* probity-opinion/1 */
void pb_read_opinion(pb_reading *r);
bool pb_is_log(const pb_reading *r); /* lines of the log */
void pb_read_log(pb_reading *r);
bool pb_is_checkpoint(const pb_reading *r); /* probity-checkpoint/1 */
void pb_read_checkpoint(pb_reading *r);
bool pb_is_collected(const pb_reading *r); /* probity-collected/1 */
void pb_read_collected(pb_reading *r);

#endif
