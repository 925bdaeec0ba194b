/* When does a changelog say that something was released last, and which versions does it tell of? Debian's entries, GNU's, headings
 * with a version. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "facts/fields.h"

enum { DATE = 10, LOOK_AT = 4 << 20, VERSIONS = 500, VERSION_MAX = 40, HEAD_MAX = 200 };

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* The first "2024-01-31" of the line that no other digit touches. */
static bool iso_day(pb_bytes line, int64_t *day)
{
	char text[DATE + 1] = {0};

	for (size_t at = 0; at < line.size && line.size - at >= DATE; at++) {
		const uint8_t *p = line.data + at;

		if (!is_digit(*p) || (at > 0 && is_digit(p[-1])) || (line.size - at > DATE && is_digit(p[DATE])))
			continue;
		memcpy(text, p, DATE);
		if (pb_date_parse(text, day))
			return true;
	}
	return false;
}

/* " -- A Person <mail>  Mon, 02 Jan 2012 10:00:00 +0000" */
static bool debian_day(pb_bytes line, int64_t *day)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const uint8_t *end;
	char text[64] = {0}, month[4] = "", iso[40];
	int d = 0, y = 0;

	if (line.size < 4 || memcmp(line.data, " -- ", 4) != 0 || !(end = memrchr(line.data, '>', line.size)))
		return false;
	size_t left = line.size - (size_t)(end - line.data) - 1;
	memcpy(text, end + 1, left < sizeof text ? left : sizeof text - 1);
	if (sscanf(text, " %*3[A-Za-z], %2d %3[A-Za-z] %4d", &d, month, &y) != 3)
		return false;
	const char *at = strstr(months, month);
	if (!at || (at - months) % 3 != 0 || strlen(month) != 3 || d < 0 || y < 0)
		return false;
	(void)snprintf(iso, sizeof iso, "%04d-%02d-%02d", y, (int)(at - months) / 3 + 1, d);
	return pb_date_parse(iso, day);
}

/* "## [1.2.3] (2024-01-31)", "v1.2.3 / 2024-01-31", "2024-01-31  A Person  <mail>": a date within other text is no release. */
static bool heads_entry(pb_bytes line)
{
	size_t at = line.size > 0 && (line.data[0] == 'v' || line.data[0] == '[') ? 1 : 0;

	return line.size > at && (is_digit(line.data[at]) || line.data[0] == '#');
}

static bool is_name(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "Version 1.2", "Release 1.2" */
static bool heads_by_word(pb_bytes line)
{
	return line.size > 8 && line.data[7] == ' ' &&
	       (strncasecmp((const char *)line.data, "version", 7) == 0 || strncasecmp((const char *)line.data, "release", 7) == 0);
}

/* A number with a dot that does not stand in the middle of a word; a "v" may stand before it. A day has no dot. */
static pb_bytes version_in(pb_bytes line)
{
	for (size_t at = 0; at < line.size; at++) {
		size_t n = 0, dots = 0;
		const uint8_t *p = line.data + at;

		if (!is_digit(*p) || (at > 0 && (is_name(p[-1]) || p[-1] == '.') && !((p[-1] | 32) == 'v' && (at == 1 || !is_name(p[-2])))))
			continue;
		for (; at + n < line.size && (is_name(p[n]) || strchr(".+~:-", p[n])) && p[n]; n++)
			dots += p[n] == '.' && n > 0;
		while (n > 0 && !is_name(p[n - 1]))
			n--;
		if (dots > 0 && n > 2 && n <= VERSION_MAX)
			return pb_slice(line, at, n);
		at += n;
	}
	return pb_slice(line, 0, 0);
}

/* "package (1:2.3-4) unstable; urgency=low" */
static pb_bytes debian_version(pb_bytes line)
{
	const uint8_t *open, *close;

	if (line.size < 8 || !is_name(line.data[0]) || !memmem(line.data, line.size, "; urgency=", 10))
		return pb_slice(line, 0, 0);
	open = memchr(line.data, '(', line.size);
	close = open ? memchr(open, ')', line.size - (size_t)(open - line.data)) : NULL;
	if (!close || close - open - 1 > VERSION_MAX)
		return pb_slice(line, 0, 0);
	return pb_slice(line, (size_t)(open + 1 - line.data), (size_t)(close - open - 1));
}

static int add_version(pb_look *look, json_t *versions, pb_bytes line)
{
	pb_bytes head = pb_slice(line, 0, HEAD_MAX), version = debian_version(head);

	if (version.size == 0 && (heads_entry(head) || heads_by_word(head)))
		version = version_in(head);
	if (version.size == 0)
		return 0;
	if (json_array_size(versions) == VERSIONS) {
		pb_look_cut(look, "changelog");
		return 0;
	}
	json_t *text = pb_json_display((const char *)version.data, version.size, VERSION_MAX);
	return text && json_array_append_new(versions, text) == 0 ? 0 : PB_ENOMEM;
}

int pb_fact_changelog(pb_look *look)
{
	pb_bytes rest = pb_slice(look->object->bytes, 0, LOOK_AT), line;
	int64_t newest = INT64_MIN, day;
	char text[DATE + 1];
	json_t *fact = json_object(), *versions = json_array();
	int rc = fact && versions ? 0 : PB_ENOMEM;

	if (look->object->bytes.size > LOOK_AT)
		pb_look_cut(look, "changelog");
	while (!rc && pb_line_next(&rest, &line)) {
		if ((debian_day(line, &day) || (heads_entry(line) && iso_day(line, &day))) && day > newest)
			newest = day;
		rc = add_version(look, versions, line);
	}
	if (!rc && newest != INT64_MIN) {
		pb_date_format(newest, text);
		rc = json_object_set_new(fact, "newest", json_string(text)) ? PB_ENOMEM : 0;
	}
	if (!rc && json_array_size(versions) > 0)
		rc = json_object_set(fact, "versions", versions) ? PB_ENOMEM : 0;
	json_decref(versions);
	if (!rc && json_object_size(fact) > 0)
		return pb_look_set(look, "changelog", fact);
	json_decref(fact);
	return rc;
}
