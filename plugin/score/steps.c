/* What may be done about a product, on the model: conditions and trials take the same steps. */
#include "score/model.h"

void pb_model_examine(pb_subject *s)
{
	s->coverage = 1000;
	s->aged = 0;
	if (s->status == PB_UNKNOWN)
		s->status = PB_PASS;
}

/* What makes it pass once it is mended, and by whose word, nobody knows yet: evidence that needs a certain word stays
 * to be supplied. */
void pb_model_mend(const pb_model *m, pb_subject *s)
{
	s->by_word &= m->any_word;
	s->status = PB_PASS;
	s->v = 0;
	s->cap = PB_NO_CAP;
	s->rejects = s->open_high = false;
}

/* A check rests on evidence as reliable as what is required of it, where it did not already. */
static void vouch(const pb_required *r, size_t at, pb_subject *s)
{
	s->by_word |= 1u << at;
	if (!pb_required_by(r, s->reliability))
		s->reliability = r->least;
}

void pb_model_supply(pb_model *m, size_t at)
{
	m->supplied |= 1u << at;
	for (size_t i = 0; i < m->n; i++) {
		pb_subject *s = &m->subjects[i];

		if (s->status != PB_NA && s->status != PB_FAIL && (s->verifies & 1u << at) != 0) {
			pb_model_examine(s);
			vouch(&m->policy->required[at], at, s);
		}
	}
}
