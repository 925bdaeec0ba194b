/* The name class: all that map may see of a name. */
#include <string.h>

#include "object/kind.h"

static const char *const special[] = {
	/* Debian packages */
	"control", "md5sums", "conffiles", "preinst", "postinst", "prerm", "postrm", "config", "templates", "triggers",
	"shlibs", "symbols", "debian-binary",
	/* Python */
	"pkg-info", "requires.txt", "requirements.txt", "setup.py", "setup.cfg", "pyproject.toml",
	/* JavaScript */
	"package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "binding.gyp",
	/* Java, Go, Rust, PHP, Ruby, Android */
	"manifest.mf", "pom.xml", "pom.properties", "go.mod", "go.sum", "cargo.toml", "cargo.lock", "composer.json",
	"composer.lock", "gemfile", "gemfile.lock", "androidmanifest.xml",
	/* Building and installing */
	"makefile", "dockerfile", "install.sh",
	/* Accounts and remote access of a system */
	"passwd", "shadow", "gshadow", "inittab", "htpasswd", "authorized_keys", "authorized_keys2", "sshd_config",
	/* Whom to tell of a hole */
	"security.txt", "security.md",
};

/* Of a wheel, and nothing special anywhere else: there are too many files called "record". */
static const char *const special_dist_info[] = {"metadata", "record", "wheel"};

/* Papers that come with a product. Variants count too: LICENSE.txt, LICENCE-MIT, COPYING.LESSER, README.md. */
static const struct {
	const char *stem, *class;
} stems[] = {
	{"license", "license"}, {"licence", "license"}, {"copying", "copying"},     {"copyright", "copyright"},
	{"notice", "notice"},   {"readme", "readme"},   {"changelog", "changelog"}, {"changes", "changelog"}, {"history", "changelog"},
};

/* The last extension of such a variant. Anything else (license.js, notice.exe) is what its extension says. */
static const char *const paper_extensions[] = {
	"txt", "md",   "markdown", "rst",   "adoc",  "asciidoc", "org",  "lesser", "lib", "mit",   "bsd",    "apache",
	"gpl", "gpl2", "gpl3",     "gplv2", "gplv3", "lgpl",     "agpl", "mpl",    "isc", "other", "debian", "en",
	"apache2", "third-party",
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool listed(const char *const *list, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}

#define LISTED(list, word) listed(list, sizeof(list) / sizeof(list)[0], word)

/* The class of a paper ("readme" for readme.md), or NULL. */
static const char *paper(const char *name)
{
	for (size_t i = 0; i < sizeof stems / sizeof stems[0]; i++) {
		size_t n = strlen(stems[i].stem);
		const char *rest = name + n, *dot;

		if (strncmp(name, stems[i].stem, n) != 0 || (*rest != '\0' && strchr(".-_", *rest) == NULL))
			continue;
		dot = strrchr(rest, '.');
		if (dot == NULL || LISTED(paper_extensions, dot + 1))
			return stems[i].class;
	}
	return NULL;
}

static bool in_dist_info(const char *parent)
{
	static const char suffix[] = ".dist-info";
	size_t n = parent != NULL ? strlen(parent) : 0;

	return n >= sizeof suffix && strcmp(parent + n - (sizeof suffix - 1), suffix) == 0;
}

/* "." and the extension, where it is short and plain. */
static void extension_class(const char *name, char out[PB_NAME_CLASS])
{
	const char *dot = strrchr(name, '.');
	size_t n = dot != NULL ? strlen(dot + 1) : 0;

	out[0] = '\0';
	if (n == 0 || n > 16)
		return;
	for (size_t i = 1; i <= n; i++)
		if (!((dot[i] >= 'a' && dot[i] <= 'z') || (dot[i] >= '0' && dot[i] <= '9')))
			return;
	memcpy(out, dot, n + 2);
}

void pb_name_class(const char *name, const char *parent, char out[PB_NAME_CLASS])
{
	char low[64]; /* longer than every name in the tables */
	size_t n = strlen(name), skip = n >= sizeof low ? n - (sizeof low - 1) : 0;
	const char *class;

	for (size_t i = 0; i <= n - skip; i++)
		low[i] = lower(name[skip + i]);
	class = skip == 0 ? paper(low) : NULL;
	if (class == NULL && skip == 0 && (LISTED(special, low) || (in_dist_info(parent) && LISTED(special_dist_info, low))))
		class = low;
	if (class == NULL)
		extension_class(low, out);
	else
		memcpy(out, class, strlen(class) + 1); /* the longest in the tables has 19 letters */
}
