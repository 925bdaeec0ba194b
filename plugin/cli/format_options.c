#include "cli/format_options.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"

enum { WIDTH = 80, WIDTH_LEAST = 60, WIDTH_MOST = 120, WIDTH_ASKED = 200 };

static int read_color(pb_format_options *o, const char *command, const char *value)
{
	static const char *const names[] = {[PB_COLOR_AUTO] = "auto", [PB_COLOR_ALWAYS] = "always", [PB_COLOR_NEVER] = "never"};
	for (int i = 0; i < 3; i++)
		if (strcmp(value, names[i]) == 0) {
			o->color = i;
			return 0;
		}
	return pb_usage_error(command, "--color \"%s\": there are auto, always and never", value);
}

int pb_format_option(pb_format_options *o, const char *command, int option, const char *value)
{
	int64_t n;
	if (option == PB_OPT_COLOR)
		return read_color(o, command, value);
	if (option == PB_OPT_WIDTH) {
		if (!pb_text_int(value, WIDTH_LEAST, WIDTH_ASKED, &n))
			return pb_usage_error(command, "--width \"%s\": not a number from %d to %d", value, WIDTH_LEAST, WIDTH_ASKED);
		o->width = (int)n;
		return 0;
	}
	if (option == PB_OPT_TEMPLATES)
		o->templates = value;
	else if (strcmp(value, "en") != 0 && strcmp(value, "fr") != 0)
		return pb_usage_error(command, "--lang \"%s\": there are en and fr", value);
	else
		o->lang = value;
	return 0;
}

static int file_of(const pb_format_options *o)
{
	return o->to_stderr ? STDERR_FILENO : STDOUT_FILENO;
}

static int width_of(const pb_format_options *o, bool to_file)
{
	struct winsize w = {0};
	int fd = file_of(o);
	if (o->width)
		return o->width;
	if (to_file || !isatty(fd) || ioctl(fd, TIOCGWINSZ, &w) != 0 || w.ws_col < WIDTH_LEAST)
		return WIDTH;
	return w.ws_col > WIDTH_MOST ? WIDTH_MOST : w.ws_col;
}

bool pb_format_color(const pb_format_options *o, bool to_file)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	if (o->color != PB_COLOR_AUTO)
		return o->color == PB_COLOR_ALWAYS;
	return !to_file && isatty(file_of(o)) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

json_t *pb_format_settings(const pb_format_options *o, bool to_file)
{
	return json_pack("{s:s,s:b,s:i,s:b}", "lang", o->lang ? o->lang : "en", "color", pb_format_color(o, to_file), "width", width_of(o, to_file),
	                 "verbose", o->verbose);
}
