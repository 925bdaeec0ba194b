#include "clamav/may_hold.h"

#include <string.h>

enum { PLAIN = 1, HTML = 2, MAIL = 4, BOOT = 510 };

/* What ClamAV looks for at any place of bytes that it has no parser for (its table of types; embedded programs count in programs alone,
 * which are never plain). `at`: the byte by which a word is found, one that is rare. */
static const struct word {
	const char *text;
	uint8_t n, at;
	bool fold; /* upper and lower case alike */
	unsigned where;
} words[] = {
    {"PK\3\4", 4, 2, false, PLAIN | HTML},
    {"Rar!\x1a\7", 6, 4, false, PLAIN | HTML},
    {"7z\xbc\xaf'\x1c", 6, 2, false, PLAIN | HTML},
    {"MSCF\0\0\0\0", 8, 3, false, PLAIN | HTML},
    {"EGGA", 4, 1, false, PLAIN},
    {"%PDF-", 5, 0, true, PLAIN | HTML},
    {"\1CD001", 6, 0, false, PLAIN},
    {"BEA01", 5, 4, false, PLAIN},
    {"<xdp:xdp", 8, 4, false, PLAIN},
    {"mime-version:", 13, 12, true, PLAIN},
    {"content-type:", 13, 12, true, PLAIN},
    {"delivered-to:", 13, 12, true, PLAIN},
    {"data:", 5, 4, true, PLAIN | HTML}, /* of an address that holds the thing itself: is_data_address */
    {"base64", 6, 4, true, MAIL},
    {"name=", 5, 4, true, MAIL},
    {"attachment", 10, 0, true, MAIL},
    {"application/", 12, 11, true, MAIL},
    {"rfc822", 6, 3, true, MAIL},
    {"\nbegin ", 7, 0, true, MAIL},
};

/* Types that ClamAV has no parser for, or one that shows nothing. */
static const char *const plain[] = {
    "CL_TYPE_TEXT_ASCII",   "CL_TYPE_TEXT_UTF8",       "CL_TYPE_TEXT_UTF16LE", "CL_TYPE_TEXT_UTF16BE", "CL_TYPE_BINARY_DATA",
    "CL_TYPE_ELF",          "CL_TYPE_MACHO",           "CL_TYPE_JAVA",         "CL_TYPE_GRAPHICS",     "CL_TYPE_GIF",
    "CL_TYPE_PNG",          "CL_TYPE_JPEG",            "CL_TYPE_TIFF",         "CL_TYPE_RIFF",         "CL_TYPE_PS",
    "CL_TYPE_SCRIPT",       "CL_TYPE_LNK",             "CL_TYPE_IGNORED",      "CL_TYPE_PYTHON_COMPILED",
};

pb_may_hold pb_may_hold_begin(const pb_kind *kind, const char *clam_type)
{
	pb_may_hold m = {.sure = true};

	if (kind->opener == PB_OPENS_CLAMAV)
		return m;
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		if (strcmp(clam_type, plain[i]) == 0)
			m = (pb_may_hold){.words = PLAIN, .boot = strcmp(clam_type, "CL_TYPE_BINARY_DATA") == 0};
	if (strncmp(clam_type, "CL_TYPE_HTML", 12) == 0)
		m = (pb_may_hold){.words = HTML};
	return m;
}

pb_may_hold pb_may_hold_mail(void)
{
	return (pb_may_hold){.words = MAIL};
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static bool same(const uint8_t *p, const struct word *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->fold ? lower(p[i]) != lower((uint8_t)w->text[i]) : p[i] != (uint8_t)w->text[i])
			return false;
	return true;
}

/* A header of an ARJ archive: 60 ea, seven bytes, 00 to 02, 02. */
static bool is_arj(const uint8_t *p, size_t n)
{
	return n >= 11 && p[1] == 0xea && p[9] <= 2 && p[10] == 2;
}

/* data:image/png;base64,... in a page: a word and a slash behind the colon. */
static bool is_data_address(const uint8_t *p, size_t n)
{
	size_t at = 5;

	while (at < n && lower(p[at]) >= 'a' && lower(p[at]) <= 'z')
		at++;
	return at > 5 && at < n && p[at] == '/';
}

static bool is_word(const uint8_t *p, size_t n, const struct word *w)
{
	return n >= w->n && same(p, w) && (w->text[0] != 'd' || w->text[1] != 'a' || is_data_address(p, n));
}

static bool found_in(const pb_may_hold *m, const uint8_t *p, size_t n)
{
	bool starts[256] = {[0x60] = (m->words & PLAIN) != 0};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if ((words[i].where & m->words) != 0) {
			uint8_t c = (uint8_t)words[i].text[words[i].at];
			starts[c] = true;
			if (words[i].fold && c >= 'a' && c <= 'z')
				starts[c - ('a' - 'A')] = true;
		}
	for (size_t at = 0; at < n; at++) {
		if (!starts[p[at]])
			continue;
		if (p[at] == 0x60 && (m->words & PLAIN) != 0 && is_arj(p + at, n - at))
			return true;
		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
			if ((words[i].where & m->words) != 0 && at >= words[i].at &&
			    is_word(p + at - words[i].at, n - at + words[i].at, &words[i]))
				return true;
	}
	return false;
}

/* What lies across the last piece and this one. */
static bool found_across(pb_may_hold *m, pb_bytes piece)
{
	uint8_t both[2 * sizeof m->tail];
	size_t n = piece.size < sizeof m->tail ? piece.size : sizeof m->tail, total = m->tails + n, keep;

	memcpy(both, m->tail, m->tails);
	memcpy(both + m->tails, piece.data, n);
	if (m->tails > 0 && found_in(m, both, total))
		return true;
	if (piece.size >= sizeof m->tail) {
		memcpy(m->tail, piece.data + piece.size - sizeof m->tail, sizeof m->tail);
		m->tails = sizeof m->tail;
	} else {
		keep = total < sizeof m->tail ? total : sizeof m->tail;
		memcpy(m->tail, both + total - keep, keep);
		m->tails = keep;
	}
	return false;
}

bool pb_may_hold_more(pb_may_hold *m, pb_bytes piece)
{
	if (m->sure || m->found || piece.size == 0)
		return m->sure || m->found;
	m->found = found_across(m, piece) || found_in(m, piece.data, piece.size);
	if (m->boot && piece.size > BOOT + 1 && piece.data[BOOT] == 0x55 && piece.data[BOOT + 1] == 0xaa)
		m->found = true;
	m->boot = false; /* the first piece is larger than a sector, or it is all there is */
	return m->found;
}
