#include "facts/purl.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* Types whose names and namespaces have one spelling: small letters. */
static bool is_small(const char *type)
{
	static const char *const types[] = {"apk", "alpm", "bitbucket", "composer", "deb", "github", "golang", "npm", "pypi"};

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcmp(types[i], type) == 0)
			return true;
	return false;
}

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool stays(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~:", c));
}

static int add(pb_buf *out, const char *text, bool lower, bool python, const char *also)
{
	int rc = 0;

	for (const char *p = text; *p != '\0' && !rc; p++) {
		char c = lower ? small(*p) : *p;

		if (python && (c == '_' || c == '.'))
			c = '-';
		/* PEP 503: a run of these is one. */
		if (python && c == '-' && out->size > 0 && out->data[out->size - 1] == '-')
			continue;
		rc = stays(c) || strchr(also, c) ? pb_buf_add(out, &c, 1) : pb_buf_printf(out, "%%%02X", (unsigned char)c);
	}
	return rc;
}

char *pb_purl(const char *type, const char *space, const char *name, const char *version)
{
	pb_buf out = {0};
	bool lower = is_small(type), python = strcmp(type, "pypi") == 0;
	int rc;

	if (name == NULL || *name == '\0')
		return NULL;
	rc = pb_buf_printf(&out, "pkg:%s/", type);
	while (space != NULL && *space == '/')
		space++;
	if (!rc && space != NULL && *space != '\0') {
		rc = add(&out, space, lower, false, "/");
		rc = rc || out.data[out.size - 1] == '/' ? rc : pb_buf_puts(&out, "/");
	}
	if (!rc)
		rc = add(&out, name, lower, python, "");
	if (!rc && version != NULL && *version != '\0') {
		rc = pb_buf_puts(&out, "@");
		rc = rc ? rc : add(&out, version, false, false, "");
	}
	if (rc) {
		pb_buf_free(&out);
		return NULL;
	}
	return (char *)out.data;
}
