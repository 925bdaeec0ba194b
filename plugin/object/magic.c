/* What the first bytes prove. */
#include <string.h>

#include "object/kinds.h"

typedef bool (*proof)(pb_bytes b, const char *name_class);

static uint32_t le16(pb_bytes b, size_t at)
{
	return at + 2 <= b.size ? (uint32_t)(b.data[at] | b.data[at + 1] << 8) : 0;
}

static uint32_t le32(pb_bytes b, size_t at)
{
	return at + 4 <= b.size ? le16(b, at) | le16(b, at + 2) << 16 : 0;
}

static uint32_t be32(pb_bytes b, size_t at)
{
	return __builtin_bswap32(le32(b, at));
}

static bool has(pb_bytes b, size_t at, const char *magic, size_t n)
{
	return at < b.size && b.size - at >= n && memcmp(b.data + at, magic, n) == 0;
}

/* The proofs that need more than a magic number. */

static bool is_pe(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return b.size >= 64 && has(b, le32(b, 60), "PE\0\0", 4);
}

/* No text that happens to begin with these two letters. */
static bool is_dos(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return b.size >= 28 && memchr(b.data, 0, 28) != NULL;
}

static bool is_fat_macho(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return b.size >= 8 && be32(b, 4) < 45; /* a class file has its version here, 45 and more */
}

static bool is_beam(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return has(b, 8, "BEAM", 4);
}

static bool is_pyc(pb_bytes b, const char *name_class)
{
	(void)b;
	return pb_word_among(name_class, ".pyc .pyo");
}

static bool is_deb(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return has(b, 8, "debian-binary", 13);
}

static bool is_lha(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return b.size >= 22 && (b.data[4] == 'h' || b.data[4] == 'z') && b.data[6] == '-';
}

static bool is_arj(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return le16(b, 2) > 0 && le16(b, 2) <= 2600;
}

static bool is_bzip2(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return has(b, 4, "\x31\x41\x59\x26\x53\x59", 6) || has(b, 4, "\x17\x72\x45\x38\x50\x90", 6);
}

/* LZMA has no magic number: the usual properties (others only by name), a dictionary size of one or two bits, a size that is
 * unknown or below 256 GiB, and the first byte of a range coder, which is always 0. */
static bool is_lzma(pb_bytes b, const char *name_class)
{
	uint32_t dict = le32(b, 1), high = le32(b, 9);

	if (b.size < 14 || b.data[0] >= 225 || b.data[13] != 0 || dict < 4096)
		return false;
	if (b.data[0] != 0x5d && b.data[0] != 0x5e && !pb_word_among(name_class, ".lzma .tlz"))
		return false;
	dict &= dict - 1; /* without its lowest bit */
	if ((dict & (dict - 1)) != 0)
		return false;
	return high < 64 || (high == UINT32_MAX && le32(b, 5) == UINT32_MAX);
}

static bool is_ext(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return b.size >= 2048 && le32(b, 1024 + 24) <= 6 && le32(b, 1024 + 76) <= 1 && le16(b, 1024 + 58) <= 7;
}

static bool is_asar(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return has(b, 16, "{\"files\":", 9);
}

static bool is_bmp(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return le32(b, 6) == 0 && le32(b, 14) >= 12 && le32(b, 14) <= 256;
}

static bool is_webp(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return has(b, 8, "WEBP", 4);
}

static bool is_icon(pb_bytes b, const char *name_class)
{
	(void)b;
	return pb_word_among(name_class, ".ico .cur");
}

static bool is_truetype(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return b.size >= 12 && b.data[4] == 0 && b.data[5] > 0 && b.data[5] < 64;
}

static bool is_still(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return has(b, 8, "heic", 4) || has(b, 8, "avif", 4) || has(b, 8, "mif1", 4);
}

static bool is_id3(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return b.size >= 10 && b.data[3] < 16;
}

static bool is_mp3(pb_bytes b, const char *name_class)
{
	(void)b;
	return pb_word_among(name_class, ".mp3 .mp2");
}

static bool is_flash(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return b.size >= 8 && b.data[3] < 64 && le32(b, 4) < 0x20000000; /* the length: four letters would be more */
}

static bool is_pickle(pb_bytes b, const char *name_class)
{
	return b.size >= 2 && b.data[1] >= 2 && b.data[1] <= 5 && pb_word_among(name_class, ".pkl .pickle .joblib");
}

static bool is_der(pb_bytes b, const char *name_class)
{
	(void)name_class;
	return b.size >= 4 && (uint32_t)(b.data[2] << 8 | b.data[3]) == b.size - 4;
}

static bool is_brotli(pb_bytes b, const char *name_class)
{
	(void)b;
	return pb_word_among(name_class, ".br");
}

#define MAGIC(text) text, sizeof(text) - 1

/* In this order: the first that fits decides. */
static const struct {
	pb_kind_id kind;
	uint32_t at;
	const char *magic;
	size_t n;
	proof proof; /* NULL: the magic number is enough */
} rows[] = {
	{PB_KIND_ELF, 0, MAGIC("\177ELF"), NULL},
	{PB_KIND_PE, 0, MAGIC("MZ"), is_pe},
	{PB_KIND_ISO, 32769, MAGIC("CD001"), NULL}, /* before "MZ": some installers start like a program */
	{PB_KIND_DOS, 0, MAGIC("MZ"), is_dos},
	{PB_KIND_MACHO, 0, MAGIC("\xfe\xed\xfa\xce"), NULL},
	{PB_KIND_MACHO, 0, MAGIC("\xfe\xed\xfa\xcf"), NULL},
	{PB_KIND_MACHO, 0, MAGIC("\xce\xfa\xed\xfe"), NULL},
	{PB_KIND_MACHO, 0, MAGIC("\xcf\xfa\xed\xfe"), NULL},
	{PB_KIND_MACHO, 0, MAGIC("\xca\xfe\xba\xbe"), is_fat_macho},
	{PB_KIND_MACHO, 0, MAGIC("\xca\xfe\xba\xbf"), is_fat_macho},
	{PB_KIND_JAVA_CLASS, 0, MAGIC("\xca\xfe\xba\xbe"), NULL},
	{PB_KIND_WASM, 0, MAGIC("\0asm"), NULL},
	{PB_KIND_DEX, 0, MAGIC("dex\n0"), NULL},
	{PB_KIND_PYC, 2, MAGIC("\r\n"), is_pyc},
	{PB_KIND_LUA_BYTECODE, 0, MAGIC("\033Lua"), NULL},
	{PB_KIND_BITCODE, 0, MAGIC("BC\xc0\xde"), NULL},
	{PB_KIND_BEAM, 0, MAGIC("FOR1"), is_beam},

	{PB_KIND_DEB, 0, MAGIC("!<arch>\n"), is_deb},
	{PB_KIND_AR, 0, MAGIC("!<arch>\n"), NULL},
	{PB_KIND_THIN_AR, 0, MAGIC("!<thin>\n"), NULL},
	{PB_KIND_RPM, 0, MAGIC("\xed\xab\xee\xdb"), NULL},
	{PB_KIND_CRX, 0, MAGIC("Cr24"), NULL},
	{PB_KIND_SEVEN_ZIP, 0, MAGIC("7z\xbc\xaf\x27\x1c"), NULL},
	{PB_KIND_CPIO, 0, MAGIC("070701"), NULL},
	{PB_KIND_CPIO, 0, MAGIC("070702"), NULL},
	{PB_KIND_CPIO, 0, MAGIC("070707"), NULL},
	{PB_KIND_CPIO, 0, MAGIC("\xc7\x71"), NULL},
	{PB_KIND_CPIO, 0, MAGIC("\x71\xc7"), NULL},
	{PB_KIND_CAB, 0, MAGIC("MSCF\0\0\0\0"), NULL},
	{PB_KIND_IS_CAB, 0, MAGIC("ISc("), NULL},
	{PB_KIND_XAR, 0, MAGIC("xar!"), NULL},
	{PB_KIND_ARJ, 0, MAGIC("\x60\xea"), is_arj},
	{PB_KIND_CHM, 0, MAGIC("ITSF"), NULL},
	{PB_KIND_RAR, 0, MAGIC("Rar!\x1a\x07"), NULL},
	{PB_KIND_LHA, 2, MAGIC("-l"), is_lha},
	{PB_KIND_WARC, 0, MAGIC("WARC/"), NULL},
	{PB_KIND_OLE, 0, MAGIC("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), NULL},
	{PB_KIND_TNEF, 0, MAGIC("\x78\x9f\x3e\x22"), NULL},

	{PB_KIND_GZIP, 0, MAGIC("\x1f\x8b"), NULL},
	{PB_KIND_BZIP2, 0, MAGIC("BZh"), is_bzip2},
	{PB_KIND_XZ, 0, MAGIC("\xfd" "7zXZ"), NULL},
	{PB_KIND_SZDD, 0, MAGIC("SZDD\x88\xf0\x27\x33"), NULL},
	{PB_KIND_ZSTD, 0, MAGIC("\x28\xb5\x2f\xfd"), NULL},
	{PB_KIND_ZSTD, 1, MAGIC("\x2a\x4d\x18"), NULL}, /* a frame to be skipped comes first */
	{PB_KIND_LZ4, 0, MAGIC("\x04\x22\x4d\x18"), NULL},
	{PB_KIND_LZ4, 0, MAGIC("\x02\x21\x4c\x18"), NULL},
	{PB_KIND_LZIP, 0, MAGIC("LZIP\x01"), NULL},
	{PB_KIND_COMPRESS, 0, MAGIC("\x1f\x9d"), NULL},
	{PB_KIND_LZOP, 0, MAGIC("\x89LZO\0\r\n"), NULL},
	{PB_KIND_SQUASHFS, 0, MAGIC("hsqs"), NULL},
	{PB_KIND_SQUASHFS, 0, MAGIC("sqsh"), NULL},
	{PB_KIND_CRAMFS, 0, MAGIC("\x45\x3d\xcd\x28"), NULL},
	{PB_KIND_CRAMFS, 0, MAGIC("\x28\xcd\x3d\x45"), NULL},
	{PB_KIND_UBI, 0, MAGIC("UBI#"), NULL},
	{PB_KIND_UBI, 0, MAGIC("\x31\x18\x10\x06"), NULL},
	{PB_KIND_QCOW, 0, MAGIC("QFI\xfb"), NULL},
	{PB_KIND_VMDK, 0, MAGIC("KDMV"), NULL},
	{PB_KIND_WIM, 0, MAGIC("MSWIM\0\0\0"), NULL},
	{PB_KIND_ASAR, 0, MAGIC("\4\0\0\0"), is_asar},
	{PB_KIND_EXT_FS, 1080, MAGIC("\x53\xef"), is_ext},
	{PB_KIND_ENCRYPTED, 0, MAGIC("LUKS\xba\xbe"), NULL},
	{PB_KIND_ENCRYPTED, 0, MAGIC("age-encryption.org/v1"), NULL},
	{PB_KIND_ENCRYPTED, 0, MAGIC("Salted__"), NULL},

	{PB_KIND_IMAGE, 0, MAGIC("\x89PNG\r\n\x1a\n"), NULL},
	{PB_KIND_IMAGE, 0, MAGIC("\xff\xd8\xff"), NULL},
	{PB_KIND_IMAGE, 0, MAGIC("GIF8"), NULL},
	{PB_KIND_IMAGE, 0, MAGIC("BM"), is_bmp},
	{PB_KIND_IMAGE, 0, MAGIC("II*\0"), NULL},
	{PB_KIND_IMAGE, 0, MAGIC("MM\0*"), NULL},
	{PB_KIND_IMAGE, 0, MAGIC("RIFF"), is_webp},
	{PB_KIND_IMAGE, 0, MAGIC("\0\0\1\0"), is_icon},
	{PB_KIND_IMAGE, 0, MAGIC("\0\0\2\0"), is_icon},
	{PB_KIND_IMAGE, 0, MAGIC("icns"), NULL},
	{PB_KIND_IMAGE, 0, MAGIC("8BPS"), NULL},
	{PB_KIND_IMAGE, 4, MAGIC("ftyp"), is_still},
	{PB_KIND_FONT, 0, MAGIC("\0\1\0\0"), is_truetype},
	{PB_KIND_FONT, 0, MAGIC("OTTO"), NULL},
	{PB_KIND_FONT, 0, MAGIC("ttcf"), NULL},
	{PB_KIND_FONT, 0, MAGIC("wOFF"), NULL},
	{PB_KIND_FONT, 0, MAGIC("wOF2"), NULL},
	{PB_KIND_MEDIA, 0, MAGIC("RIFF"), NULL},
	{PB_KIND_MEDIA, 0, MAGIC("ID3"), is_id3},
	{PB_KIND_MEDIA, 0, MAGIC("\xff\xfb"), is_mp3},
	{PB_KIND_MEDIA, 0, MAGIC("OggS"), NULL},
	{PB_KIND_MEDIA, 0, MAGIC("fLaC"), NULL},
	{PB_KIND_MEDIA, 0, MAGIC("MThd"), NULL},
	{PB_KIND_MEDIA, 4, MAGIC("ftyp"), NULL},
	{PB_KIND_MEDIA, 0, MAGIC("\x1a\x45\xdf\xa3"), NULL},
	{PB_KIND_MEDIA, 0, MAGIC("FLV\1"), NULL},
	{PB_KIND_MEDIA, 0, MAGIC("\x30\x26\xb2\x75\x8e\x66\xcf\x11"), NULL},
	{PB_KIND_SWF, 0, MAGIC("FWS"), is_flash},
	{PB_KIND_SWF, 0, MAGIC("CWS"), is_flash},
	{PB_KIND_SWF, 0, MAGIC("ZWS"), is_flash},

	{PB_KIND_PDF, 0, MAGIC("%PDF-"), NULL},
	{PB_KIND_RTF, 0, MAGIC("{\\rtf"), NULL},
	{PB_KIND_SQLITE, 0, MAGIC("SQLite format 3"), NULL},
	{PB_KIND_KEYSTORE, 0, MAGIC("\xfe\xed\xfe\xed"), NULL},
	{PB_KIND_KEYSTORE, 0, MAGIC("\xce\xce\xce\xce"), NULL},
	{PB_KIND_ANDROID_XML, 0, MAGIC("\3\0\x08\0"), NULL},
	{PB_KIND_PLIST, 0, MAGIC("bplist0"), NULL},
	{PB_KIND_GETTEXT_MO, 0, MAGIC("\xde\x12\x04\x95"), NULL},
	{PB_KIND_GETTEXT_MO, 0, MAGIC("\x95\x04\x12\xde"), NULL},
	{PB_KIND_PICKLE, 0, MAGIC("\x80"), is_pickle},
	{PB_KIND_DER, 0, MAGIC("\x30\x82"), is_der},
	{PB_KIND_LZMA, 0, "", 0, is_lzma}, /* these two have none */
	{PB_KIND_BROTLI, 0, "", 0, is_brotli},
};

/* A header block whose checksum is right: the old form has no magic number. */
static bool is_tar(pb_bytes b)
{
	uint32_t said = 0, sum = 8 * ' ';
	size_t at = 148;

	if (b.size < 512 || b.data[0] == 0)
		return false;
	if (has(b, 257, "ustar", 5))
		return true;
	while (at < 156 && b.data[at] == ' ')
		at++;
	for (; at < 156 && b.data[at] >= '0' && b.data[at] <= '7'; at++)
		said = said * 8 + (uint32_t)(b.data[at] - '0');
	for (size_t i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? 0 : b.data[i];
	return said == sum;
}

static bool is_zip(pb_bytes b)
{
	return has(b, 0, "PK\3\4", 4) || has(b, 0, "PK\5\6", 4) || has(b, 0, "PK\7\10PK\3\4", 8) || has(b, 0, "PK00PK\3\4", 8);
}

pb_kind_id pb_kind_by_magic(pb_bytes b, const char *name_class)
{
	if (is_zip(b))
		return pb_kind_of_zip(b, name_class);
	if (is_tar(b))
		return PB_KIND_TAR;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (has(b, rows[i].at, rows[i].magic, rows[i].n) && (rows[i].proof == NULL || rows[i].proof(b, name_class)))
			return rows[i].kind;
	}
	if (b.size > 512 && has(b, b.size - 512, "koly", 4))
		return PB_KIND_DMG;
	return PB_KINDS;
}
