/* -f, --lang, --color, --templates: how a report is written, for all commands that write one. */
#ifndef PROBITY_CLI_FORMAT_OPTIONS_H
#define PROBITY_CLI_FORMAT_OPTIONS_H

#include <stdbool.h>

#include "base/json.h"

enum { PB_OPT_LANG = 700, PB_OPT_COLOR, PB_OPT_TEMPLATES, PB_OPT_WIDTH }; /* above the options of commands */

#define PB_FORMAT_LONG_OPTIONS \
	{"lang", required_argument, NULL, PB_OPT_LANG}, {"color", required_argument, NULL, PB_OPT_COLOR}, \
	    {"templates", required_argument, NULL, PB_OPT_TEMPLATES}, {"width", required_argument, NULL, PB_OPT_WIDTH}
#define PB_FORMAT_OPTIONS PB_OPT_LANG: case PB_OPT_COLOR: case PB_OPT_TEMPLATES: case PB_OPT_WIDTH
#define PB_FORMAT_HELP \
	"      --lang LANG         language of the format's own words: en (default) or fr\n" \
	"      --color WHEN        auto (default: on a terminal), always or never\n" \
	"      --width N           columns of text, 60 to 200 (default: the terminal's, at most 120; else 80)\n" \
	"      --templates DIR     formats there come before Probity's own of the same name\n"

typedef struct pb_format_options {
	const char *format, *lang, *templates; /* NULL: the default */
	enum { PB_COLOR_AUTO, PB_COLOR_ALWAYS, PB_COLOR_NEVER } color;
	int width; /* 0: the terminal's */
	bool verbose;
	bool to_stderr; /* texts go there: what is asked about a terminal is asked about that one */
} pb_format_options;

/* One of those options. 0, or PB_EXIT_ERROR after it told what is wrong. */
int pb_format_option(pb_format_options *o, const char *command, int option, const char *value);

/* to_file: the text goes there, not to standard output. */
bool pb_format_color(const pb_format_options *o, bool to_file);
/* The third argument of a format's function: {"lang","color","width","verbose"}. New reference; NULL: no memory. */
json_t *pb_format_settings(const pb_format_options *o, bool to_file);

#endif
