/* What the name of a member, or the target of a link, says about where it would land. Nothing here touches a file system. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "object/path.h"

static bool is_sep(char c)
{
	return c == '/' || c == '\\';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "/x", "\x", "\\host\x", "C:\x", "C:/x". A lone "C:" prefix without a separator is a name like any other (B::Deparse.3pm). */
static bool is_absolute(const char *s, size_t n)
{
	if (n >= 1 && is_sep(s[0]))
		return true;
	return n >= 3 && is_letter(s[0]) && s[1] == ':' && is_sep(s[2]);
}

/* Walks the components of s from a folder that lies *depth levels below the root; true where one of them climbs above it. */
static bool walk(const char *s, size_t n, bool backslash, size_t *depth)
{
	for (size_t at = 0, end; at < n; at = end + 1) {
		for (end = at; end < n && s[end] != '/' && !(backslash && s[end] == '\\'); end++)
			;
		if (end == at || (end - at == 1 && s[at] == '.'))
			continue;
		if (end - at == 2 && s[at] == '.' && s[at + 1] == '.') {
			if (*depth == 0)
				return true;
			--*depth;
		} else {
			++*depth;
		}
	}
	return false;
}

/* Whoever unpacks may take a backslash for a separator or for a letter: either reading counts. */
static bool climbs(const char *s, size_t n, size_t depth)
{
	size_t other = depth;

	return walk(s, n, false, &depth) || walk(s, n, true, &other);
}

/* Copies n bytes of s without empty and "." components; out has room for n. Returns the length. */
static size_t tidy(const char *s, size_t n, char *out)
{
	size_t len = 0;

	for (size_t at = 0, end; at < n; at = end + 1) {
		for (end = at; end < n && s[end] != '/'; end++)
			;
		if (end == at || (end - at == 1 && s[at] == '.'))
			continue;
		if (len > 0)
			out[len++] = '/';
		memcpy(out + len, s + at, end - at);
		len += end - at;
	}
	return len;
}

int pb_member_name_read(const void *raw, size_t n, pb_member_name *out)
{
	const char *s = raw;
	char *tidied = malloc(n + 1);
	size_t len;

	*out = (pb_member_name){0};
	if (tidied == NULL)
		return PB_ENOMEM;
	out->absolute = is_absolute(s, n);
	out->traversal = climbs(s, n, 0);
	len = tidy(s, n, tidied);
	out->name = len > 0 ? pb_text_display(tidied, len, PB_PATH_PART) : strdup(".");
	free(tidied);
	return out->name != NULL ? PB_OK : PB_ENOMEM;
}

bool pb_link_absolute(const char *target)
{
	return is_absolute(target, strlen(target));
}

bool pb_link_leaves(const char *at, const char *target, bool hard)
{
	const char *last = strrchr(at, '/');
	size_t depth = 0;

	if (pb_link_absolute(target))
		return true;
	if (!hard && last != NULL && walk(at, (size_t)(last - at), false, &depth))
		return true; /* it lies outside already */
	return climbs(target, strlen(target), depth);
}
