/* From an idea to a check that works: the author changes what is there, instead of asking what there has to be. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/ini.h"
#include "base/log.h"
#include "base/text.h"
#include "checks/samples.h"
#include "cli/check.h"
#include "cli/cli.h"
#include "findings/terms.h"

static const char help_text[] =
	"Usage: probity check new [--product] [--lib] [--folder DIR] PILLAR/STEM\n\n"
	"Writes a working check from a template: PILLAR/STEM.lua, and its samples beside it in\n"
	"PILLAR/STEM.samples/; in a checkout of Probity to scripts/ and tests/samples/.\n"
	"PILLAR is integrity, data-care, verification or culture. Nothing is overwritten.\n"
	"Writes settings for editors (.luarc.json) and luacheck (.luacheckrc) where there are\n"
	"none.\n\n"
	"      --product     a check of products (all objects, no bytes); without it, one of\n"
	"                    objects, by a pattern\n"
	"      --lib         with a library beside it, lib/STEM.lua\n"
	"      --folder DIR  there instead of the current folder\n"
	"  -h, --help        this text\n";

enum { OPT_PRODUCT = 256, OPT_LIB, OPT_FOLDER, STEM_MAX = 60, TEXT_BYTES = 1 << 20, PATH_BYTES = 1200 };
static const struct option long_options[] = {{"product", no_argument, NULL, OPT_PRODUCT},
                                             {"lib", no_argument, NULL, OPT_LIB},
                                             {"folder", required_argument, NULL, OPT_FOLDER},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

typedef struct making {
	bool product, lib, checkout;
	const char *folder;
	pb_pillar pillar;
	char stem[STEM_MAX + 1], word[STEM_MAX + 1], title[STEM_MAX + 1], claim[64], claims[1200];
	char *data;
} making;

/* In a checkout, checks and samples have their own places. */
static bool is_checkout(const char *folder)
{
	static const char *const marks[] = {"scripts/integrity", "rulesets/claims.ini", "tests/samples"};
	bool is = true;
	for (size_t i = 0; i < sizeof marks / sizeof *marks && is; i++) {
		char *path = pb_fs_join(folder, marks[i]);
		is = path && access(path, F_OK) == 0;
		free(path);
	}
	return is;
}

static int bad_name(const char *name)
{
	const char *pillars[PB_PILLARS];
	char pillar[40];
	for (int p = 0; p < PB_PILLARS; p++)
		pillars[p] = pb_pillar_name((pb_pillar)p);
	snprintf(pillar, sizeof pillar, "%.*s", (int)strcspn(name, "/"), name);
	const char *near = pb_text_nearest(pillar, pillars, PB_PILLARS);
	if (!strchr(name, '/'))
		return pb_usage_error("check new", "\"%s\": write PILLAR/STEM, such as data-care/clipboard-upload", name);
	if (pb_pillar_of(pillar) < 0)
		return pb_usage_error("check new", near ? "no pillar \"%s\"; did you mean \"%s\"?" : "no pillar \"%s\": there are integrity, data-care, "
		                                                                                   "verification and culture", pillar, near);
	return pb_usage_error("check new", "\"%s\": the name has lower-case letters, digits and '-', begins with a letter, and has at most %d of them",
	                      strchr(name, '/') + 1, STEM_MAX);
}

static int read_name(making *m, char *name)
{
	size_t n = strlen(name), slash = strcspn(name, "/");
	char pillar[40];
	if (n > 4 && strcmp(name + n - 4, ".lua") == 0)
		name[n - 4] = '\0';
	snprintf(pillar, sizeof pillar, "%.*s", (int)slash, name);
	int p = pb_pillar_of(pillar);
	const char *stem = name[slash] ? name + slash + 1 : "";
	n = strlen(stem);
	if (p < 0 || n == 0 || n > STEM_MAX || strspn(stem, "abcdefghijklmnopqrstuvwxyz0123456789-") != n || stem[0] < 'a')
		return bad_name(name);
	m->pillar = (pb_pillar)p;
	for (size_t i = 0; i <= n; i++) {
		m->stem[i] = stem[i];
		m->word[i] = stem[i] == '-' ? '_' : stem[i];
		m->title[i] = stem[i] == '-' ? ' ' : stem[i];
	}
	m->title[0] = (char)(m->title[0] - 'a' + 'A');
	return 0;
}

/* The claim that the name of the check speaks of, and all others of its pillar. */
static int on_claim(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	static const char *const usual[PB_PILLARS] = {"install", "capture", "documentation", "accountability"};
	making *m = user;
	(void)value;
	(void)line;
	(void)err;
	if (pb_pillar_of(section) != (int)m->pillar || strlen(key) >= sizeof m->claim)
		return 0;
	if (strstr(m->stem, key) || (!*m->claim && strcmp(key, usual[m->pillar]) == 0))
		snprintf(m->claim, sizeof m->claim, "%s", key);
	const char *last = strrchr(m->claims, '\n');
	size_t n = strlen(m->claims), used = last ? strlen(last) : n;
	snprintf(m->claims + n, sizeof m->claims - n, "%s%s", !n ? "" : used + strlen(key) > 100 ? ",\n  -- " : ", ", key);
	return 0;
}

static int read_claims(making *m, pb_error *err)
{
	char *file = pb_fs_join(m->data, "rulesets/claims.ini");
	int rc = file ? pb_ini_read(file, on_claim, m, err) : pb_fail(err, PB_ENOMEM, "out of memory");
	free(file);
	return rc;
}

/* @NAME@ becomes its value. */
static int fill(const making *m, const pb_buf *text, pb_buf *out)
{
	const struct {
		const char *name, *value;
	} marks[] = {{"@TITLE@", m->title}, {"@STEM@", m->stem},   {"@WORD@", m->word}, {"@PILLAR@", pb_pillar_name(m->pillar)},
	             {"@CLAIM@", m->claim}, {"@CLAIMS@", m->claims}, {"@DATA@", m->data}};
	int rc = pb_buf_add(out, "", 0);
	for (size_t at = 0; at < text->size && !rc;) {
		const char *p = (const char *)text->data + at, *value = NULL;
		size_t n = 1;
		for (size_t i = 0; i < sizeof marks / sizeof *marks && *p == '@'; i++) {
			size_t length = strlen(marks[i].name);
			if (text->size - at >= length && memcmp(p, marks[i].name, length) == 0) {
				n = length;
				value = marks[i].value;
			}
		}
		rc = value ? pb_buf_puts(out, value) : pb_buf_add(out, p, n);
		at += n;
	}
	return rc;
}

/* All folders above a file. */
static int make_folders(const char *file, pb_error *err)
{
	char path[PATH_BYTES];
	snprintf(path, sizeof path, "%s", file);
	for (char *p = path + 1; (p = strchr(p, '/')) != NULL; *p++ = '/') {
		*p = '\0';
		if (mkdir(path, 0777) < 0 && errno != EEXIST)
			return pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
	}
	return 0;
}

/* Never over a file that is there. */
static int write_new(const char *file, const pb_buf *text, pb_error *err)
{
	FILE *f = fopen(file, "wbx");
	if (!f)
		return pb_fail(err, errno == EEXIST ? PB_EINPUT : PB_EIO, "%s: %s", file,
		               errno == EEXIST ? "is there already; nothing is overwritten" : strerror(errno));
	bool written = fwrite(text->data, 1, text->size, f) == text->size;
	if (fclose(f) || !written)
		return pb_fail(err, PB_EIO, "%s: %s", file, strerror(errno));
	printf("wrote %s\n", file);
	return 0;
}

static int copy(const making *m, const char *template, const char *to, pb_error *err)
{
	char from[PATH_BYTES];
	pb_buf text = {0}, out = {0};
	snprintf(from, sizeof from, "%s/scripts/templates/%s", m->data, template);
	int rc = pb_fs_read(from, TEXT_BYTES, &text, err);
	rc = rc ? rc : fill(m, &text, &out) ? pb_fail(err, PB_ENOMEM, "out of memory") : make_folders(to, err);
	rc = rc ? rc : write_new(to, &out, err);
	pb_buf_free(&text);
	pb_buf_free(&out);
	return rc;
}

static int copy_samples(const making *m, const char *kind, const char *dir, pb_error *err)
{
	char from[PATH_BYTES], **names = NULL;
	size_t n = 0;
	snprintf(from, sizeof from, "%s/scripts/templates/%s.samples", m->data, kind);
	int rc = pb_fs_names(from, NULL, &names, &n, err);
	for (size_t i = 0; i < n && !rc; i++) {
		char template[PATH_BYTES], *to = pb_fs_join(dir, names[i]);
		snprintf(template, sizeof template, "%s.samples/%.600s", kind, names[i]);
		rc = to ? copy(m, template, to, err) : pb_fail(err, PB_ENOMEM, "out of memory");
		free(to);
	}
	pb_fs_names_free(names, n);
	return rc;
}

/* Settings for editors and luacheck: only where there are none. */
static int copy_settings(const making *m, pb_error *err)
{
	static const char *const settings[][2] = {{"luarc.json", ".luarc.json"}, {"luacheckrc", ".luacheckrc"}};
	int rc = 0;
	for (int i = 0; i < 2 && !rc; i++) {
		char to[PATH_BYTES];
		snprintf(to, sizeof to, "%s%s%s", m->folder, *m->folder ? "/" : "", settings[i][1]);
		if (access(to, F_OK) != 0)
			rc = copy(m, settings[i][0], to, err);
	}
	return rc;
}

static int make(const making *m, pb_error *err)
{
	const char *kind = m->product ? "product" : m->lib ? "object-lib" : "object", *slash = *m->folder ? "/" : "";
	const char *scripts = m->checkout ? "scripts/" : "";
	char check[PATH_BYTES], lib[PATH_BYTES], samples[PATH_BYTES], template[40];
	snprintf(check, sizeof check, "%s%s%s%s/%s.lua", m->folder, slash, scripts, pb_pillar_name(m->pillar), m->stem);
	snprintf(lib, sizeof lib, "%s%s%slib/%s.lua", m->folder, slash, scripts, m->word);
	if (m->checkout)
		snprintf(samples, sizeof samples, "%s%stests/samples/%s/%s", m->folder, slash, pb_pillar_name(m->pillar), m->stem);
	else
		snprintf(samples, sizeof samples, "%.*s.samples", (int)(strlen(check) - 4), check);
	/* what is in the way is told before the first file */
	for (int i = 0; i < 3; i++) {
		const char *file = i == 0 ? check : i == 1 ? samples : lib;
		if ((i < 2 || m->lib) && access(file, F_OK) == 0)
			return pb_fail(err, PB_EINPUT, "%s is there already; nothing is overwritten", file);
	}
	snprintf(template, sizeof template, "%s.lua", kind);
	int rc = copy(m, template, check, err);
	rc = rc ? rc : copy_samples(m, kind, samples, err);
	rc = !rc && m->lib ? copy(m, "lib.lua", lib, err) : rc;
	rc = rc ? rc : copy_settings(m, err);
	if (rc)
		return rc;
	printf("\nIt works as it is. Next:\n  probity check test -w %s\nand change the check and its samples while that runs; then\n"
	       "  probity check lint %s\n  probity scan %s%.*s PRODUCT\n", check, check, m->checkout ? "" : "--rules ",
	       m->checkout ? 0 : (int)(strrchr(check, '/') - check), check);
	return fflush(stdout) ? pb_fail(err, PB_EIO, "cannot write to standard output") : 0;
}

static int read_options(making *m, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		switch (c) {
		case OPT_PRODUCT:
			m->product = true;
			break;
		case OPT_LIB:
			m->lib = true;
			break;
		case OPT_FOLDER:
			m->folder = optarg;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		default:
			return pb_check_bad_option("new", c, argv);
		}
	}
	if (optind + 1 != argc)
		return pb_usage_error("check new", "name one check: PILLAR/STEM, such as data-care/clipboard-upload");
	if (m->product && m->lib)
		return pb_usage_error("check new", "--lib is for checks of objects: leave --product out");
	if (strlen(m->folder) > PATH_BYTES - 300)
		return pb_usage_error("check new", "--folder: too long");
	return read_name(m, argv[optind]) ? PB_EXIT_ERROR : -1;
}

int pb_check_new(int argc, char **argv)
{
	making m = {.folder = ""};
	pb_error err = {0};
	int rc = read_options(&m, argc, argv);
	if (rc >= 0)
		return rc;
	for (size_t n = strlen(m.folder); n > 1 && m.folder[n - 1] == '/'; n--)
		((char *)m.folder)[n - 1] = '\0'; /* of argv: ours to change */
	m.checkout = is_checkout(*m.folder ? m.folder : ".");
	m.data = pb_fs_data_dir();
	rc = m.data ? read_claims(&m, &err) : pb_fail(&err, PB_ENOMEM, "out of memory");
	rc = rc ? rc : make(&m, &err);
	if (rc)
		pb_complain("%s", err.text);
	free(m.data);
	return rc ? PB_EXIT_ERROR : 0;
}
