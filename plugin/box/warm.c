/* Libraries open things at their first use. Inside of the box they cannot, and would do without, with other results. */
#include <iconv.h>
#include <locale.h>
#include <stdlib.h>
#include <time.h>
#include <wchar.h>

#include "base/hash.h"
#include "box/parts.h"

/* From what libarchive and libclamav turn names and texts into UTF-8. */
static const char *const charsets[] = {
    "UTF-16LE",    "UTF-16BE",    "UTF-16",      "UTF-32LE",   "UTF-32BE",    "UTF-32",        "UTF-7",         "UTF-8",
    "ISO-8859-1",  "ISO-8859-2",  "ISO-8859-3",  "ISO-8859-4", "ISO-8859-5",  "ISO-8859-6",    "ISO-8859-7",    "ISO-8859-8",
    "ISO-8859-9",  "ISO-8859-13", "ISO-8859-15", "CP437",      "CP737",       "CP775",         "CP850",         "CP852",
    "CP855",       "CP857",       "CP858",       "CP860",      "CP861",       "CP862",         "CP863",         "CP864",
    "CP865",       "CP866",       "CP869",       "CP874",      "CP875",       "CP932",         "CP936",         "CP949",
    "CP950",       "CP1025",      "CP1250",      "CP1251",     "CP1252",      "CP1253",        "CP1254",        "CP1255",
    "CP1256",      "CP1257",      "CP1258",      "IBM037",     "IBM273",      "IBM277",        "IBM278",        "IBM280",
    "IBM284",      "IBM285",      "IBM290",      "IBM297",     "IBM420",      "IBM423",        "IBM424",        "IBM500",
    "IBM775",      "IBM870",      "IBM871",      "IBM880",     "IBM905",      "IBM1026",       "KOI8-R",        "KOI8-U",
    "ASMO-708",    "MACINTOSH",   "SJIS",        "EUC-JP",     "ISO-2022-JP", "ISO-2022-JP-2", "ISO-2022-JP-3", "EUC-KR",
    "ISO-2022-KR", "JOHAB",       "EUC-CN",      "GB2312",     "GB18030",     "BIG5",
};

void pb_box_warm(void)
{
	static const char *const digests[] = {"md5", "sha1", "sha256", "sha384", "sha512", "blake2b"};
	static locale_t utf8; /* neither it nor the converters are ever closed: the C library unloads what nobody holds */
	static iconv_t held[sizeof charsets / sizeof *charsets];
	wchar_t wide[4];
	char hex[PB_HEX_MAX];
	if (utf8 != (locale_t)0)
		return;
	utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (utf8 != (locale_t)0) {
		locale_t before = uselocale(utf8);
		(void)mbstowcs(wide, "\xc3\xa4", 4);
		(void)uselocale(before);
	}
	for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++)
		held[i] = iconv_open("UTF-8", charsets[i]);
	(void)held;
	for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
		(void)pb_hash_hex(digests[i], (pb_bytes){NULL, 0}, hex);
	/* Without a zone the C library looks for /etc/localtime at every date. No result hangs on one. */
	(void)setenv("TZ", "UTC0", 1);
	tzset();
	pb_filter_warm();
}
