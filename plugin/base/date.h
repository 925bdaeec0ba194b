/* Calendar dates without a clock: days since 1970-01-01, proleptic Gregorian. */
#ifndef PROBITY_BASE_DATE_H
#define PROBITY_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

bool pb_date_parse(const char *text, int64_t *days); /* strictly "YYYY-MM-DD", years 1970-9999 */
void pb_date_format(int64_t days, char out[11]);     /* a day outside of those years becomes the nearest inside */
int64_t pb_date_today(void); /* UTC. The default for --as-of. */

#endif
