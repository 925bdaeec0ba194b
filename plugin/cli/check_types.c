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

/* In the order in which they are one file: tests/cli/author.sh holds it against the folder. */
static const char *const types[] = {
	"bindings/types/certificates.lua", "bindings/types/checks.lua",  "bindings/types/facts.lua",    "bindings/types/formats.lua",
	"bindings/types/modules.lua",      "bindings/types/reports.lua", "bindings/types/versions.lua", "bindings/types/yara.lua"};

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

/* One file of ours behind what is there. 0, or told and PB_EXIT_ERROR. */
static int add(const char *name, pb_buf *text)
{
	pb_error err = {0};
	pb_buf one = {0};
	char *data = pb_fs_data_dir(), *from = data ? pb_fs_join(data, name) : NULL;
	int rc = from ? pb_fs_read(from, TEXT_BYTES, &one, &err) : PB_ENOMEM;
	rc = rc ? rc : pb_buf_add(text, one.data, one.size);
	if (rc)
		pb_complain("%s", err.code ? err.text : "out of memory");
	pb_buf_free(&one);
	free(data);
	free(from);
	return rc ? PB_EXIT_ERROR : 0;
}

int pb_check_types(int argc, char **argv)
{
	bool luacheckrc = false;
	pb_buf text = {0};
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		switch (c) {
		case OPT_LUACHECKRC:
			luacheckrc = true;
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
	int rc = luacheckrc ? add("scripts/templates/luacheckrc", &text) : 0;
	for (size_t i = 0; i < sizeof types / sizeof *types && !luacheckrc && !rc; i++)
		rc = add(types[i], &text);
	rc = rc ? rc : write_out(&text, argv[optind]);
	pb_buf_free(&text);
	return rc;
}
