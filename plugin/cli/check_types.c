#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "cli/check.h"
#include "cli/cli.h"

static const char help_text[] =
	"Usage: probity check types [--luacheckrc] [FILE]\n\n"
	"Writes the types of all that a check may touch (LuaCATS, for lua-language-server)\n"
	"to FILE, or to standard output. An existing FILE stays.\n\n"
	"      --luacheckrc  settings for luacheck instead: what a check's sandbox has\n"
	"  -h, --help        this text\n";

enum { OPT_LUACHECKRC = 256, TEXT_BYTES = 4 << 20 };
static const struct option long_options[] = {
	{"luacheckrc", no_argument, NULL, OPT_LUACHECKRC}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};

static int write_out(const pb_buf *text, const char *file)
{
	pb_error err = {0};
	if (!file)
		return fwrite(text->data, 1, text->size, stdout) != text->size || fflush(stdout) ? PB_EXIT_ERROR : 0;
	if (access(file, F_OK) == 0) {
		pb_complain("%s is there already, and stays as it is", file);
		return PB_EXIT_ERROR;
	}
	if (!pb_fs_write(file, text->data, text->size, &err))
		return 0;
	pb_complain("%s", err.text);
	return PB_EXIT_ERROR;
}

int pb_check_types(int argc, char **argv)
{
	const char *name = "bindings/probity.lua";
	pb_error err = {0};
	pb_buf text = {0};
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		switch (c) {
		case OPT_LUACHECKRC:
			name = "scripts/templates/luacheckrc";
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		default:
			return pb_check_bad_option("types", c, argv);
		}
	}
	if (optind + 1 < argc)
		return pb_usage_error("check types", "name one file to write to");
	char *data = pb_fs_data_dir(), *from = data ? pb_fs_join(data, name) : NULL;
	int rc = from ? pb_fs_read(from, TEXT_BYTES, &text, &err) : pb_fail(&err, PB_ENOMEM, "out of memory");
	if (rc)
		pb_complain("%s", err.text);
	rc = rc ? PB_EXIT_ERROR : write_out(&text, argv[optind]);
	pb_buf_free(&text);
	free(data);
	free(from);
	return rc;
}
