#include "object/payload.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *suffix, *instead;
} suffixes[] = {
	{".tgz", ".tar"}, {".taz", ".tar"}, {".tbz", ".tar"},  {".tbz2", ".tar"}, {".txz", ".tar"}, {".tzst", ".tar"},
	{".tlz", ".tar"}, {".svgz", ".svg"}, {".gz", ""},      {".bz2", ""},      {".xz", ""},      {".zst", ""},
	{".lzma", ""},    {".lz4", ""},      {".lz", ""},      {".z", ""},        {".br", ""},
};

char *pb_payload_name(const char *layer)
{
	size_t n = strlen(layer);
	const char *instead = "~payload";
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		size_t k = strlen(suffixes[i].suffix);
		if (n > k && layer[n - k - 1] != '/' && strcasecmp(layer + n - k, suffixes[i].suffix) == 0) {
			n -= k;
			instead = suffixes[i].instead;
			break;
		}
	}
	char *out = NULL;
	if (asprintf(&out, "%.*s%s", (int)n, layer, instead) < 0)
		return NULL;
	return out;
}
