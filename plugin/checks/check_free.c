#include <stdlib.h>
#include <string.h>

#include "checks/check.h"

static void free_list(char **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i]);
	free(list);
}

void pb_check_free(pb_check *c)
{
	free(c->id);
	free(c->file);
	free(c->title);
	free(c->why);
	free(c->confirm);
	free(c->catalogue);
	free(c->claim);
	free(c->looks);
	free_list(c->applies, c->n_applies);
	free_list(c->maps, c->n_maps);
	free_list(c->hit, c->n_hit);
	free_list(c->expects, c->expects != NULL ? c->n_hit : 0);
	free_list(c->clean, c->n_clean);
	for (size_t i = 0; i < c->n_findings; i++) {
		free(c->findings[i].name);
		free(c->findings[i].says);
		free(c->findings[i].fix);
	}
	memset(c, 0, sizeof *c);
}
