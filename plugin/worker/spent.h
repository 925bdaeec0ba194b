/* How much time has each folder of YARA rules taken of which product? */
#ifndef PROBITY_WORKER_SPENT_H
#define PROBITY_WORKER_SPENT_H

#include <stddef.h>
#include <stdint.h>

enum { PB_SPENT_PRODUCTS = 256 /* the longest unused one is forgotten first */ };

typedef struct pb_spent pb_spent;
pb_spent *pb_spent_new(size_t n_sets); /* NULL: no memory */
void pb_spent_free(pb_spent *s);

uint64_t *pb_spent_of(pb_spent *s, uint32_t product); /* microseconds, one number a folder; 0 in the beginning. Never NULL */
void pb_spent_end(pb_spent *s, uint32_t product);

#endif
