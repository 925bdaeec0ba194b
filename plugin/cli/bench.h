/* What `check bench` has counted. Everything comes from traces (worker/trace.h), so from another process: nothing in them is taken on
 * trust. */
#ifndef PROBITY_CLI_BENCH_H
#define PROBITY_CLI_BENCH_H

#include "base/json.h"

typedef struct pb_bench pb_bench;
pb_bench *pb_bench_new(void); /* NULL: no memory */
void pb_bench_free(pb_bench *b);

int pb_bench_checks(pb_bench *b, const json_t *checks); /* those that there are (checks/samples.h); before all else. 0, PB_ENOMEM */
int pb_bench_record(void *bench, const json_t *record); /* pb_assessor's traced */
int pb_bench_product(pb_bench *b, const json_t *trace); /* of the product result */

/* {"objects":n,"bytes":n,"checks":[{"id","calls","instructions","instructions_most","nanoseconds","nanoseconds_most" (wall),"processor" (nanoseconds, in ticks on some kernels),"memory_most","findings",
 *  "patterns":bool,"pattern_nanoseconds","pattern_bytes","matched","hits","dead":why or null}],"slowest":[{"path","size","nanoseconds",
 *  "check","check_nanoseconds"}]}: checks by id, at most `slowest` objects, the slowest first. New reference; NULL: no memory. */
json_t *pb_bench_told(const pb_bench *b, size_t slowest);
void pb_bench_text(const json_t *told); /* on stdout, for people */

#endif
