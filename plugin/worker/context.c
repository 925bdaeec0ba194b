#include "worker/context.h"

#include <string.h>
#include <strings.h>

/* A folder name, whole: "contest" and "documents" are no tests and no docs. */
static const char *const places[] = {"test", "tests", "doc", "docs", "example", "examples", "fixtures"};
/* Markdown; then rule files of YARA, ClamAV, Snort and Suricata: they describe what others do. */
static const char *const suffixes[] = {".md",  ".markdown", ".yar", ".yara", ".ndb", ".ldb",  ".hdb",
                                       ".hsb", ".mdb",      ".msb", ".cvd",  ".cld", ".rules"};

static bool is_place(const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (strlen(places[i]) == n && strncasecmp(s, places[i], n) == 0)
			return true;
	return false;
}

static bool has_suffix(const char *s)
{
	size_t n = strlen(s);
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		size_t k = strlen(suffixes[i]);
		if (n > k && strcasecmp(s + n - k, suffixes[i]) == 0)
			return true;
	}
	return false;
}

bool pb_context_discounts(const json_t *path)
{
	size_t n = json_array_size(path);
	for (size_t i = 1; i < n; i++) {
		const char *part = json_string_value(json_array_get(path, i));
		if (!part)
			continue;
		for (const char *slash; (slash = strchr(part, '/')) != NULL; part = slash + 1)
			if (is_place(part, (size_t)(slash - part)))
				return true;
		if (has_suffix(part))
			return true;
	}
	return false;
}
