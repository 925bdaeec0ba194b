/* When does a changelog say that something was released last? Debian's trailers, GNU's entries, headings with a version. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "facts/fields.h"

enum { DATE = 10, LOOK_AT = 4 << 20 };

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

int pb_fact_changelog(pb_look *look)
{
	pb_bytes rest = pb_slice(look->object->bytes, 0, LOOK_AT), line;
	int64_t newest = INT64_MIN, day;
	char text[DATE + 1];

	if (look->object->bytes.size > LOOK_AT)
		pb_look_cut(look, "changelog");
	while (pb_line_next(&rest, &line))
		if ((debian_day(line, &day) || (heads_entry(line) && iso_day(line, &day))) && day > newest)
			newest = day;
	if (newest == INT64_MIN)
		return 0;
	pb_date_format(newest, text);
	return pb_look_set(look, "changelog", json_pack("{s:s}", "newest", text));
}
