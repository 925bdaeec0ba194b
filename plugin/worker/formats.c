#include "worker/formats.h"

#include <stdlib.h>

#include "box/box.h"
#include "worker/render.h"

const pb_role pb_formats_roles[PB_FORMATS_ROLES] = {{"render", pb_render_main}};

int pb_formats_template_open(void *user, void **state, json_t **about, pb_error *err)
{
	const pb_formats_options *o = user;
	pb_render_state *s = calloc(1, sizeof *s);
	int rc = s ? pb_formats_read(o->own, o->extra, &s->formats, err) : pb_fail(err, PB_ENOMEM, "out of memory");
	json_t *names = rc ? NULL : pb_formats_names(s->formats);
	if (!rc) {
		s->bindings = o->bindings;
		*about = json_pack("{s:o}", "formats", names);
		rc = *about ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");
	}
	if (rc) {
		pb_formats_free(s ? s->formats : NULL);
		free(s);
		return rc;
	}
	pb_box_warm();
	*state = s;
	return 0;
}
