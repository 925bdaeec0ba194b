#include "clamav/tracker_product.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "object/kinds.h"

enum { PREFIXES = 1000, RUN_TAG = 1 };

/* The groups of `[assess] kinds`. An object is in the first group whose row names its kind, and, where the row has name
 * classes, its name class as well; else in the group that is called like its class: so "archive" is every container
 * that no row names, "binary" is machine code and bytecode, and "script", "text", "media", "data" are the rest. Mails
 * are no group: each attachment counts by itself. Beside groups, a word may name a class or a kind ("pyc"); the word
 * "archive" is the group. "folder" is no outermost object of a host's: it is what --group makes. */
static const struct {
	const char *group, *kinds, *name_classes;
} groups[] = {
    {"package", "deb rpm jar wheel apk ipa nupkg vsix xpi crx", NULL},
    {"installer", "dmg installshield-cab", NULL},
    {"installer", "ole", ".msi .msp .msm"},
    {"installer", "xar", ".pkg .mpkg"},
    {"installer", "shell script", ".run .bin .installer"},
    {"firmware", "squashfs cramfs ubi ext-filesystem wim qcow vmdk", NULL},
    {"firmware", "data", ".bin .fw .img .rom .uf2 .dfu .trx .chk .itb .ubin .cap .fd"},
    {"document", "ole ooxml odf epub chm tnef pdf rtf", NULL},
};

static const char *const default_groups[] = {"package", "archive", "installer", "binary", "firmware"};

static const char *group_of(const pb_kind *kind, const char *name_class)
{
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
		if (pb_word_among(kind->name, groups[i].kinds) &&
		    (groups[i].name_classes == NULL || pb_word_among(name_class, groups[i].name_classes)))
			return groups[i].group;
	return pb_class_name(kind->class);
}

static bool is_wanted(const pb_wants *w, const char *word)
{
	const json_t *wanted;
	size_t i;

	if (w->kinds == NULL) {
		for (i = 0; i < sizeof default_groups / sizeof default_groups[0]; i++)
			if (strcmp(word, default_groups[i]) == 0)
				return true;
		return false;
	}
	json_array_foreach (w->kinds, i, wanted) {
		if (json_is_string(wanted) && strcmp(word, json_string_value(wanted)) == 0)
			return true;
	}
	return false;
}

bool pb_wants_kind(const pb_wants *w, const pb_kind *kind, const char *name_class)
{
	if (is_wanted(w, kind->name) || is_wanted(w, group_of(kind, name_class)))
		return true;
	return kind->class != PB_CLASS_ARCHIVE && is_wanted(w, pb_class_name(kind->class));
}

/* Beginnings of ClamAV's types, the first that fits counts. */
static const struct {
	const char *type, *kind;
} clam_types[] = {
    {"CL_TYPE_TEXT_", "text"},    {"CL_TYPE_HTML", "html"},      {"CL_TYPE_SCRIPT", "script"},
    {"CL_TYPE_MAIL", "mail"},     {"CL_TYPE_GRAPHICS", "image"}, {"CL_TYPE_GIF", "image"},
    {"CL_TYPE_PNG", "image"},     {"CL_TYPE_JPEG", "image"},     {"CL_TYPE_TIFF", "image"},
    {"CL_TYPE_PDF", "pdf"},       {"CL_TYPE_RTF", "rtf"},        {"CL_TYPE_MSOLE2", "ole"},
    {"CL_TYPE_OOXML", "ooxml"},   {"CL_TYPE_MSEXE", "pe"},       {"CL_TYPE_ELF", "elf"},
    {"CL_TYPE_MACHO", "macho"},   {"CL_TYPE_ZIP", "zip"},        {"CL_TYPE_GZ", "gzip"},
    {"CL_TYPE_BZ", "bzip2"},      {"CL_TYPE_XZ", "xz"},          {"CL_TYPE_7Z", "7z"},
    {"CL_TYPE_POSIX_TAR", "tar"}, {"CL_TYPE_OLD_TAR", "tar"},    {"CL_TYPE_MSCAB", "cab"},
    {"CL_TYPE_ISO9660", "iso"},
};

static const char *kind_of_clam_type(const char *type)
{
	for (size_t i = 0; i < sizeof clam_types / sizeof clam_types[0]; i++)
		if (strncmp(type, clam_types[i].type, strlen(clam_types[i].type)) == 0)
			return clam_types[i].kind;
	return NULL;
}

const pb_kind *pb_kind_of_clam_type(const char *type)
{
	const char *kind = kind_of_clam_type(type);

	return pb_kind_named(kind != NULL ? kind : "data");
}

bool pb_wants_unseen(const pb_wants *w, const char *clam_type)
{
	return kind_of_clam_type(clam_type) == NULL || pb_wants_kind(w, pb_kind_of_clam_type(clam_type), "");
}

static int read_prefixes(const json_t *prefixes, pb_wants *out, pb_error *err)
{
	size_t i, n = json_array_size(prefixes);
	const json_t *p;

	if (n > PREFIXES)
		return pb_fail(err, PB_EINPUT, "more than %d prefixes", PREFIXES);
	out->prefix = calloc(n + 1, sizeof *out->prefix);
	if (out->prefix == NULL)
		return pb_fail(err, PB_ENOMEM, "memory ran out");
	json_array_foreach (prefixes, i, p) {
		out->prefix[i] = (pb_prefix){pb_json_str(p, "path", ""), pb_json_str(p, "name", "")};
		if (out->prefix[i].path[0] != '/' || out->prefix[i].name[0] == '\0')
			return pb_fail(err, PB_EINPUT, "a prefix needs an absolute path and a name");
	}
	out->n_prefixes = n;
	return PB_OK;
}

int pb_wants_read(const json_t *args, pb_wants *out, pb_error *err)
{
	const char *group = pb_json_str(args, "group", "file");
	int rc;

	*out = (pb_wants){.kinds = json_object_get(args, "kinds")};
	if (strcmp(group, "path") == 0)
		out->group = PB_GROUP_PATH;
	else if (strcmp(group, "run") == 0)
		out->group = PB_GROUP_RUN;
	else if (strcmp(group, "file") != 0)
		return pb_fail(err, PB_EINPUT, "group \"%s\" is none of file, path, run", group);
	rc = read_prefixes(json_object_get(args, "prefixes"), out, err);
	if (rc != PB_OK)
		pb_wants_free(out);
	return rc;
}

void pb_wants_free(pb_wants *w)
{
	free(w->prefix);
	*w = (pb_wants){0};
}

/* What of path lies behind prefix, without slashes at its beginning; NULL: it does not lie there. */
static const char *behind(const char *path, const char *prefix)
{
	size_t n = strlen(prefix);

	while (n > 0 && prefix[n - 1] == '/')
		n--;
	if (strncmp(path, prefix, n) != 0 || (path[n] != '/' && path[n] != '\0'))
		return NULL;
	return path + n + strspn(path + n, "/");
}

/* The first prefix that one of the two display forms lies below, and what of it lies behind. */
static const pb_prefix *prefix_of(const pb_wants *w, const char *path, const char *name, const char **rest)
{
	const char *const forms[] = {path, name};

	for (size_t f = 0; f < 2; f++)
		for (size_t i = 0; forms[f][0] == '/' && i < w->n_prefixes; i++)
			if ((*rest = behind(forms[f], w->prefix[i].path)) != NULL)
				return &w->prefix[i];
	return NULL;
}

/* Fresh display form of the last element; "scan" where there is none. */
static char *last_element(pb_bytes b)
{
	size_t from, end = b.size;

	while (end > 0 && b.data[end - 1] == '/')
		end--;
	for (from = end; from > 0 && b.data[from - 1] != '/';)
		from--;
	return end > from ? pb_text_display(b.data + from, end - from, PB_PATH_PART) : strdup("scan");
}

static int push(pb_path *p, const char *part)
{
	return part[0] != '\0' ? pb_path_push(p, part) : PB_OK;
}

/* The chain in the product of many scans that this one belongs to, where it does. A run over one prefix is called like
 * that. */
static int place_in_group(const pb_wants *w, const char *path, const char *name, pb_place *out)
{
	const char *rest = NULL;
	const pb_prefix *prefix = prefix_of(w, path, name, &rest);
	char *below = NULL;
	int rc;

	if (w->group == PB_GROUP_PATH && prefix == NULL)
		return PB_OK;
	out->grouped = true;
	out->tag = w->group == PB_GROUP_RUN ? RUN_TAG : RUN_TAG + (uint32_t)(prefix - w->prefix);
	if (prefix != NULL && (w->group == PB_GROUP_PATH || w->n_prefixes == 1)) {
		rc = pb_path_push(&out->base, prefix->name);
		return rc == PB_OK ? push(&out->base, rest) : rc;
	}
	rc = pb_path_push(&out->base, "run");
	if (rc != PB_OK)
		return rc;
	if (prefix == NULL)
		return pb_path_push(&out->base, out->path[strspn(out->path, "/")] != '\0'
		                                    ? out->path + strspn(out->path, "/")
		                                    : out->name);
	if (asprintf(&below, "%s%s%s", prefix->name, rest[0] != '\0' ? "/" : "", rest) < 0)
		return PB_ENOMEM;
	rc = pb_path_push(&out->base, below);
	free(below);
	return rc;
}

int pb_place_of(const pb_wants *w, pb_bytes name, pb_bytes path, pb_place *out)
{
	char *shown = pb_text_display(name.data, name.size, PB_PATH_PART),
	     *real = pb_text_display(path.data, path.size, PB_PATH_PART);
	int rc = PB_ENOMEM;

	*out = (pb_place){.name = last_element(name.size > 0 ? name : path)};
	if (shown == NULL || real == NULL || out->name == NULL)
		goto out;
	/* A host names what it scans by a path, perhaps a relative one, or by nothing that is a path
	 * ("instream(local)", with a temporary file behind it, whose name says nothing). */
	if (shown[0] != '/' && real[0] != '\0') {
		const char *slash = strrchr(real, '/');

		out->path =
		    strdup(shown[0] == '\0' || (slash != NULL && strcmp(slash + 1, out->name) == 0) ? real : shown);
	} else {
		out->path = strdup(shown);
	}
	if (out->path == NULL)
		goto out;
	rc = w->group == PB_GROUP_FILE ? PB_OK : place_in_group(w, real, shown, out);
	if (rc == PB_OK && !out->grouped)
		rc = pb_path_push(&out->base, out->name);
out:
	free(shown);
	free(real);
	if (rc != PB_OK)
		pb_place_free(out);
	return rc;
}

void pb_place_free(pb_place *p)
{
	pb_path_free(&p->base);
	free(p->name);
	free(p->path);
	*p = (pb_place){0};
}

bool pb_path_within(const pb_path *a, const pb_path *chain)
{
	if (a->n < chain->n)
		return false;
	for (size_t i = 0; i < chain->n; i++)
		if (strcmp(a->part[i], chain->part[i]) != 0)
			return false;
	return true;
}
