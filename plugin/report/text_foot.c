/* The bottom of the page: with what it was made, how to make it again, and what it does not say. */
#include "base/date.h"
#include "report/text.h"

/* "no official ClamAV database", or its version with its age on the day of the report. */
static void database(pb_page *p, const json_t *assessment)
{
	const json_t *db = json_object_get(json_object_get(assessment, "engine"), "clamav_db");
	const char *built = pb_json_str(db, "built", ""), *version = pb_json_str(db, "version", "");
	int64_t day, as_of;

	if (!json_is_true(json_object_get(db, "official"))) {
		pb_page_flow(p, PB_DIM, 0, " without an official database");
		return;
	}
	pb_page_flowf(p, PB_DIM, 0, " with database %s", version[0] != '\0' ? version : "of unknown version");
	if (pb_date_parse(built, &day) && pb_date_parse(pb_json_str(assessment, "as_of", ""), &as_of) && as_of >= day)
		pb_page_flowf(p, PB_DIM, 0, " of %s (%lld day%s old)", built, (long long)(as_of - day),
		              pb_text_plural(as_of - day));
	else if (built[0] != '\0')
		pb_page_flowf(p, PB_DIM, 0, " of %s", built);
}

void pb_text_foot(pb_page *p, const json_t *report)
{
	const json_t *assessment = json_object_get(report, "assessment"),
	             *engine = json_object_get(assessment, "engine");
	const char *rules = pb_json_str(assessment, "rules_digest", ""),
	           *command = pb_json_str(assessment, "command", "");

	pb_page_line(p);
	pb_page_flowf(p, PB_DIM, 0, "Probity %s, ClamAV %s", pb_json_str(engine, "probity", "?"),
	              pb_json_str(engine, "clamav", "?"));
	database(p, assessment);
	pb_page_flowf(p, PB_DIM, 0, ", YARA %s, Lua %s, rules %.16s.", pb_json_str(engine, "yara", "?"),
	              pb_json_str(engine, "lua", "?"), rules[0] != '\0' ? rules : "?");
	pb_page_line(p);
	pb_page_flow(p, PB_DIM, 0,
	             "Indicators present in the bytes are reported, not what the product does when it runs; what was "
	             "not observed may "
	             "still be there. All constants of the score are expert judgement.");
	pb_page_line(p);
	if (command[0] != '\0') {
		pb_page_flowf(p, PB_DIM, 2, "Again: %s", command);
		pb_page_line(p);
	}
}
