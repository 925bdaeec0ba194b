/* pack.ini: what a pack says of itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/ini.h"
#include "base/text.h"
#include "checks/pack.h"

enum { INI_BYTES = 64 << 10, PARTS = 4 };

bool pb_pack_name_ok(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n < PB_PACK_NAME && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == n && name[0] != '-';
}

static bool parts_of(const char *version, uint32_t part[PARTS])
{
	size_t n = strlen(version);

	memset(part, 0, PARTS * sizeof *part);
	if (n == 0 || n >= PB_PACK_VERSION)
		return false;
	for (int i = 0; i < PARTS; i++) {
		size_t digits = strspn(version, "0123456789");

		if (digits == 0 || digits > 6)
			return false;
		for (; digits > 0; digits--)
			part[i] = part[i] * 10 + (uint32_t)(*version++ - '0');
		if (*version == '\0')
			return true;
		if (*version++ != '.')
			return false;
	}
	return false;
}

bool pb_pack_version_ok(const char *version)
{
	uint32_t part[PARTS];

	return parts_of(version, part);
}

int pb_pack_version_order(const char *a, const char *b)
{
	uint32_t one[PARTS], other[PARTS];

	(void)parts_of(a, one);
	(void)parts_of(b, other);
	for (int i = 0; i < PARTS; i++)
		if (one[i] != other[i])
			return one[i] < other[i] ? -1 : 1;
	return 0;
}

/* "NAME >= VERSION" of n bytes, or a name alone. */
static int add_need(pb_pack_ini *ini, const char *text, size_t n, pb_error *err)
{
	char word[PB_PACK_NAME + PB_PACK_VERSION + 16], name[PB_PACK_NAME], least[PB_PACK_VERSION] = "0", rest;
	pb_pack_need *need = &ini->needs[ini->n_needs];
	int fields;

	if (n >= sizeof word || memchr(text, '\0', n) != NULL)
		return pb_fail(err, PB_EINPUT, "requires: \"%.*s\" is not \"NAME >= VERSION\"", n < 60 ? (int)n : 60, text);
	(void)snprintf(word, sizeof word, "%.*s", (int)n, text);
	fields = sscanf(word, " %47[a-z0-9-] >= %31[0-9.] %c", name, least, &rest);
	if (fields == 1 && sscanf(word, " %47[a-z0-9-] %c", name, &rest) == 2)
		fields = 0;
	if (fields < 1 || fields > 2 || !pb_pack_name_ok(name) || !pb_pack_version_ok(least))
		return pb_fail(err, PB_EINPUT, "requires: \"%s\" is not \"NAME >= VERSION\"", word);
	if (ini->n_needs == PB_PACK_NEEDS)
		return pb_fail(err, PB_EINPUT, "requires: more than %d others", PB_PACK_NEEDS);
	(void)snprintf(need->name, sizeof need->name, "%s", name);
	(void)snprintf(need->least, sizeof need->least, "%s", least);
	ini->n_needs++;
	return PB_OK;
}

static int add_needs(pb_pack_ini *ini, const char *value, pb_error *err)
{
	int rc = PB_OK;

	while (rc == PB_OK && *value != '\0') {
		size_t n = strcspn(value, ",");

		rc = add_need(ini, value, n, err);
		value += n + (value[n] == ',');
	}
	return rc;
}

typedef struct reading {
	pb_pack_ini *ini;
	unsigned seen; /* a bit for each key */
} reading;

static int one_key(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	static const char *const names[] = {"name", "version", "author", "licence", "description", "homepage", "requires"};
	enum { NAMES = sizeof names / sizeof *names, REQUIRES = NAMES - 1 };
	reading *r = user;
	const struct {
		char *at;
		size_t room;
	} to[REQUIRES] = {{r->ini->name, sizeof r->ini->name},       {r->ini->version, sizeof r->ini->version},
	                  {r->ini->author, sizeof r->ini->author},   {r->ini->licence, sizeof r->ini->licence},
	                  {r->ini->description, sizeof r->ini->description}, {r->ini->homepage, sizeof r->ini->homepage}};
	const char *near;
	size_t i = 0;

	(void)line;
	if (strcmp(section, "pack") != 0)
		return pb_fail(err, PB_EINPUT, "everything belongs into the section [pack]");
	if (strcmp(key, "license") == 0)
		key = "licence";
	while (i < NAMES && strcmp(key, names[i]) != 0)
		i++;
	if (i == NAMES) {
		near = pb_text_nearest(key, names, NAMES);
		return pb_fail(err, PB_EINPUT, near ? "unknown key \"%s\", did you mean \"%s\"?" : "unknown key \"%s\"", key, near);
	}
	if (r->seen & 1u << i)
		return pb_fail(err, PB_EINPUT, "\"%s\" stands there twice", key);
	r->seen |= 1u << i;
	if (i == REQUIRES)
		return add_needs(r->ini, value, err);
	if (strlen(value) >= to[i].room)
		return pb_fail(err, PB_EINPUT, "%s: longer than %zu bytes", key, to[i].room - 1);
	memcpy(to[i].at, value, strlen(value) + 1);
	if (i == 0 && (!pb_pack_name_ok(value) || strcmp(value, "probity") == 0))
		return pb_fail(err, PB_EINPUT, "name: \"%s\": a pack's name has small letters, digits and '-'", value);
	if (i == 1 && !pb_pack_version_ok(value))
		return pb_fail(err, PB_EINPUT, "version: \"%s\": it is numbers such as 1.20.3", value);
	return PB_OK;
}

int pb_pack_ini_parse(pb_bytes text, pb_pack_ini *out, int *line, pb_error *err)
{
	reading r = {out, 0};
	int rc;

	memset(out, 0, sizeof *out);
	rc = pb_ini_parse(text, one_key, &r, line, NULL, err);
	if (rc == PB_OK && (out->name[0] == '\0' || out->version[0] == '\0' || out->author[0] == '\0' || out->licence[0] == '\0'))
		rc = pb_fail(err, PB_EINPUT, "name, version, author and licence have to be there");
	return rc;
}

int pb_pack_ini_read(const char *dir, pb_pack_ini *out, pb_error *err)
{
	char *file = pb_fs_join(dir, PB_PACK_INI);
	pb_buf text = {0};
	pb_error inner = {0};
	int line = 0, rc = file != NULL ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");

	memset(out, 0, sizeof *out);
	rc = rc == PB_OK ? pb_fs_read(file, INI_BYTES, &text, err) : rc;
	if (rc == PB_OK) {
		rc = pb_pack_ini_parse((pb_bytes){text.data, text.size}, out, &line, &inner);
		if (rc != PB_OK && line > 0)
			(void)pb_fail(err, rc, "%s:%d: %s", file, line, inner.text);
		else if (rc != PB_OK)
			(void)pb_fail(err, rc, "%s: %s", file, inner.text);
	}
	pb_buf_free(&text);
	free(file);
	return rc;
}
