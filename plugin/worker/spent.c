#include "worker/spent.h"

#include <stdlib.h>
#include <string.h>

struct pb_spent {
	size_t n_sets;
	uint64_t now;
	struct {
		uint32_t product;
		uint64_t used; /* when it was asked last; 0: a free place */
	} place[PB_SPENT_PRODUCTS];
	uint64_t micros[]; /* PB_SPENT_PRODUCTS * n_sets */
};

pb_spent *pb_spent_new(size_t n_sets)
{
	pb_spent *s = calloc(1, sizeof *s + (n_sets + 1) * PB_SPENT_PRODUCTS * sizeof(uint64_t));

	if (s)
		s->n_sets = n_sets;
	return s;
}

void pb_spent_free(pb_spent *s)
{
	free(s);
}

uint64_t *pb_spent_of(pb_spent *s, uint32_t product)
{
	size_t oldest = 0, i;

	for (i = 0; i < PB_SPENT_PRODUCTS; i++) {
		if (s->place[i].used && s->place[i].product == product)
			break;
		if (s->place[i].used < s->place[oldest].used)
			oldest = i;
	}
	if (i == PB_SPENT_PRODUCTS) {
		i = oldest;
		s->place[i].product = product;
		memset(&s->micros[i * s->n_sets], 0, s->n_sets * sizeof(uint64_t));
	}
	s->place[i].used = ++s->now;
	return &s->micros[i * s->n_sets];
}

void pb_spent_end(pb_spent *s, uint32_t product)
{
	for (size_t i = 0; i < PB_SPENT_PRODUCTS; i++)
		if (s->place[i].used && s->place[i].product == product)
			s->place[i].used = 0;
}
