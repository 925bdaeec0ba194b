/* What a zip is by its name and its first entries, and whether ClamAV can open all of it. */
#include <string.h>

#include "object/kinds.h"

static const struct {
	pb_kind_id kind;
	const char *name_classes;
} names[] = {
	{PB_KIND_JAR, ".jar .war .ear .aar"},
	{PB_KIND_WHEEL, ".whl"},
	{PB_KIND_APK, ".apk .aab"},
	{PB_KIND_IPA, ".ipa"},
	{PB_KIND_NUPKG, ".nupkg .snupkg"},
	{PB_KIND_VSIX, ".vsix"},
	{PB_KIND_XPI, ".xpi"},
	{PB_KIND_OOXML, ".docx .docm .xlsx .xlsm .pptx .pptm"},
	{PB_KIND_ODF, ".odt .ods .odp .odg"},
	{PB_KIND_EPUB, ".epub"},
};

enum { LOCAL_HEADER = 30, CENTRAL_HEADER = 46, HEAD = 65536, TAIL = 1024 };

static unsigned word(pb_bytes b, size_t at)
{
	return (unsigned)(b.data[at] | b.data[at + 1] << 8);
}

bool pb_zip_method_known(unsigned method)
{
	switch (method) {
	case 0:  /* stored */
	case 6:  /* implode */
	case 8:  /* deflate */
	case 9:  /* deflate64 */
	case 12: /* bzip2 */
		return true;
	default:
		return false;
	}
}

/* Does a header with this signature in b name a method that ClamAV lacks and libarchive may have? Ciphers (flag bit 0) do not
 * count: nobody opens those. */
static bool modern(pb_bytes b, const char *signature, size_t header, size_t flags)
{
	const uint8_t *at = b.data, *end = b.data + b.size;

	while ((size_t)(end - at) >= header && (at = memmem(at, (size_t)(end - at), signature, 4)) != NULL) {
		pb_bytes h = {at, (size_t)(end - at)};

		if (h.size < header)
			break;
		if ((word(h, flags) & 1) == 0 && !pb_zip_method_known(word(h, flags + 2)))
			return true;
		at += 4;
	}
	return false;
}

/* The name of the first entry begins with this. */
static bool first_is(pb_bytes b, const char *name)
{
	pb_bytes h = pb_slice(b, 0, LOCAL_HEADER + 64);
	size_t n = strlen(name);

	return h.size >= LOCAL_HEADER + n && memcmp(h.data, "PK\3\4", 4) == 0 && word(h, 26) >= n &&
	       memcmp(h.data + LOCAL_HEADER, name, n) == 0;
}

pb_kind_id pb_kind_of_zip(pb_bytes b, const char *name_class)
{
	pb_bytes tail = pb_slice(b, b.size > TAIL ? b.size - TAIL : 0, TAIL);

	if (modern(pb_slice(b, 0, HEAD), "PK\3\4", LOCAL_HEADER, 6) || modern(tail, "PK\1\2", CENTRAL_HEADER, 8))
		return PB_KIND_ZIP_MODERN;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (pb_word_among(name_class, names[i].name_classes))
			return names[i].kind;
	if (first_is(b, "META-INF/MANIFEST.MF") || first_is(b, "META-INF/"))
		return PB_KIND_JAR;
	if (first_is(b, "[Content_Types].xml"))
		return PB_KIND_OOXML;
	return PB_KIND_ZIP;
}
