/* The one table of kinds: to add one, add a row here and say in magic.c (bytes) or text_kind.c (texts) how it is known. Rows:
 * KIND(id, "spelling", class, who opens it, is it a compression layer, can libarchive list its members). */
#ifndef PROBITY_OBJECT_KINDS_H
#define PROBITY_OBJECT_KINDS_H

#include "object/kind.h"

/* clang-format off */
#define PB_KIND_TABLE(KIND) \
	/* machine code and bytecode */ \
	KIND(ELF, "elf", BINARY, NONE, 0, 0) \
	KIND(PE, "pe", BINARY, NONE, 0, 0) \
	KIND(DOS, "dos", BINARY, NONE, 0, 0) \
	KIND(MACHO, "macho", BINARY, NONE, 0, 0) \
	KIND(JAVA_CLASS, "java-class", BINARY, NONE, 0, 0) \
	KIND(WASM, "wasm", BINARY, NONE, 0, 0) \
	KIND(DEX, "dex", BINARY, NONE, 0, 0) \
	KIND(PYC, "pyc", BINARY, NONE, 0, 0) \
	KIND(LUA_BYTECODE, "lua-bytecode", BINARY, NONE, 0, 0) \
	KIND(BITCODE, "llvm-bitcode", BINARY, NONE, 0, 0) \
	KIND(BEAM, "beam", BINARY, NONE, 0, 0) \
	/* sources and what an interpreter reads */ \
	KIND(SHELL, "shell", SCRIPT, NONE, 0, 0) \
	KIND(PYTHON, "python", SCRIPT, NONE, 0, 0) \
	KIND(JAVASCRIPT, "javascript", SCRIPT, NONE, 0, 0) \
	KIND(TYPESCRIPT, "typescript", SCRIPT, NONE, 0, 0) \
	KIND(PERL, "perl", SCRIPT, NONE, 0, 0) \
	KIND(PHP, "php", SCRIPT, NONE, 0, 0) \
	KIND(RUBY, "ruby", SCRIPT, NONE, 0, 0) \
	KIND(POWERSHELL, "powershell", SCRIPT, NONE, 0, 0) \
	KIND(BATCH, "batch", SCRIPT, NONE, 0, 0) \
	KIND(VBSCRIPT, "vbscript", SCRIPT, NONE, 0, 0) \
	KIND(LUA, "lua", SCRIPT, NONE, 0, 0) \
	KIND(TCL, "tcl", SCRIPT, NONE, 0, 0) \
	KIND(AWK, "awk", SCRIPT, NONE, 0, 0) \
	KIND(R, "r", SCRIPT, NONE, 0, 0) \
	KIND(SQL, "sql", SCRIPT, NONE, 0, 0) \
	KIND(C, "c", SCRIPT, NONE, 0, 0) \
	KIND(CPP, "cpp", SCRIPT, NONE, 0, 0) \
	KIND(CSHARP, "csharp", SCRIPT, NONE, 0, 0) \
	KIND(GO, "go-source", SCRIPT, NONE, 0, 0) \
	KIND(RUST, "rust-source", SCRIPT, NONE, 0, 0) \
	KIND(JAVA, "java", SCRIPT, NONE, 0, 0) \
	KIND(KOTLIN, "kotlin", SCRIPT, NONE, 0, 0) \
	KIND(SWIFT, "swift", SCRIPT, NONE, 0, 0) \
	KIND(SCALA, "scala", SCRIPT, NONE, 0, 0) \
	KIND(LISP, "lisp", SCRIPT, NONE, 0, 0) \
	KIND(ASSEMBLER, "assembler", SCRIPT, NONE, 0, 0) \
	KIND(MAKE, "make", SCRIPT, NONE, 0, 0) \
	KIND(CMAKE, "cmake", SCRIPT, NONE, 0, 0) \
	KIND(DOCKERFILE, "dockerfile", SCRIPT, NONE, 0, 0) \
	KIND(SCRIPT, "script", SCRIPT, NONE, 0, 0) /* a #! line that names no interpreter of the above */ \
	/* texts and documents */ \
	KIND(HTML, "html", TEXT, NONE, 0, 0) \
	KIND(XML, "xml", TEXT, NONE, 0, 0) \
	KIND(SVG, "svg", TEXT, NONE, 0, 0) \
	KIND(JSON, "json", TEXT, NONE, 0, 0) \
	KIND(YAML, "yaml", TEXT, NONE, 0, 0) \
	KIND(TOML, "toml", TEXT, NONE, 0, 0) \
	KIND(INI, "ini", TEXT, NONE, 0, 0) \
	KIND(CSV, "csv", TEXT, NONE, 0, 0) \
	KIND(CSS, "css", TEXT, NONE, 0, 0) \
	KIND(MARKDOWN, "markdown", TEXT, NONE, 0, 0) \
	KIND(RST, "rst", TEXT, NONE, 0, 0) \
	KIND(ROFF, "roff", TEXT, NONE, 0, 0) \
	KIND(TEX, "tex", TEXT, NONE, 0, 0) \
	KIND(PO, "po", TEXT, NONE, 0, 0) \
	KIND(DIFF, "diff", TEXT, NONE, 0, 0) \
	KIND(PEM, "pem", TEXT, NONE, 0, 0) /* also OpenSSH's private keys */ \
	KIND(SSH_PUBLIC, "ssh-public-key", TEXT, NONE, 0, 0) \
	KIND(PGP, "pgp", TEXT, NONE, 0, 0) /* armoured keys and signatures */ \
	KIND(PUTTY_KEY, "putty-key", TEXT, NONE, 0, 0) \
	KIND(TEXT, "text", TEXT, NONE, 0, 0) \
	KIND(PDF, "pdf", TEXT, CLAMAV, 0, 0) \
	KIND(RTF, "rtf", TEXT, CLAMAV, 0, 0) \
	KIND(MAIL, "mail", TEXT, CLAMAV, 0, 0) \
	KIND(TNEF, "tnef", ARCHIVE, CLAMAV, 0, 0) \
	KIND(OLE, "ole", ARCHIVE, CLAMAV, 0, 0) /* old office documents, .msi */ \
	/* packages and archives */ \
	KIND(DEB, "deb", ARCHIVE, LIBARCHIVE, 0, 1) \
	KIND(AR, "ar", ARCHIVE, LIBARCHIVE, 0, 1) \
	KIND(RPM, "rpm", ARCHIVE, LIBARCHIVE, 0, 1) \
	KIND(ZIP, "zip", ARCHIVE, CLAMAV, 0, 1) \
	KIND(ZIP_MODERN, "zip-lzma", ARCHIVE, LIBARCHIVE, 0, 1) /* holds members packed in ways that ClamAV lacks */ \
	KIND(JAR, "jar", ARCHIVE, CLAMAV, 0, 1) \
	KIND(WHEEL, "wheel", ARCHIVE, CLAMAV, 0, 1) \
	KIND(APK, "apk", ARCHIVE, CLAMAV, 0, 1) \
	KIND(IPA, "ipa", ARCHIVE, CLAMAV, 0, 1) \
	KIND(NUPKG, "nupkg", ARCHIVE, CLAMAV, 0, 1) \
	KIND(VSIX, "vsix", ARCHIVE, CLAMAV, 0, 1) \
	KIND(XPI, "xpi", ARCHIVE, CLAMAV, 0, 1) \
	KIND(OOXML, "ooxml", ARCHIVE, CLAMAV, 0, 1) \
	KIND(ODF, "odf", ARCHIVE, CLAMAV, 0, 1) \
	KIND(EPUB, "epub", ARCHIVE, CLAMAV, 0, 1) \
	KIND(CRX, "crx", ARCHIVE, CLAMAV, 0, 0) \
	KIND(TAR, "tar", ARCHIVE, CLAMAV, 0, 1) \
	KIND(SEVEN_ZIP, "7z", ARCHIVE, CLAMAV, 0, 1) \
	KIND(CPIO, "cpio", ARCHIVE, CLAMAV, 0, 1) \
	KIND(CAB, "cab", ARCHIVE, CLAMAV, 0, 1) \
	KIND(ISO, "iso", ARCHIVE, CLAMAV, 0, 1) \
	KIND(XAR, "xar", ARCHIVE, CLAMAV, 0, 1) \
	KIND(ARJ, "arj", ARCHIVE, CLAMAV, 0, 0) \
	KIND(CHM, "chm", ARCHIVE, CLAMAV, 0, 0) \
	KIND(DMG, "dmg", ARCHIVE, CLAMAV, 0, 0) \
	KIND(IS_CAB, "installshield-cab", ARCHIVE, CLAMAV, 0, 0) \
	KIND(RAR, "rar", ARCHIVE, LIBARCHIVE, 0, 1) \
	KIND(LHA, "lha", ARCHIVE, LIBARCHIVE, 0, 1) \
	KIND(WARC, "warc", ARCHIVE, LIBARCHIVE, 0, 1) \
	KIND(SQUASHFS, "squashfs", ARCHIVE, LIBARCHIVE, 0, 1) /* these two by readers of our own (archive_own.h) */ \
	KIND(ASAR, "asar", ARCHIVE, LIBARCHIVE, 0, 1) \
	KIND(FOLDER, "folder", ARCHIVE, NONE, 0, 1) /* a product that is a folder; never by content */ \
	/* compression layers */ \
	KIND(GZIP, "gzip", ARCHIVE, CLAMAV, 1, 0) \
	KIND(BZIP2, "bzip2", ARCHIVE, CLAMAV, 1, 0) \
	KIND(XZ, "xz", ARCHIVE, CLAMAV, 1, 0) \
	KIND(SZDD, "szdd", ARCHIVE, CLAMAV, 1, 0) \
	KIND(ZSTD, "zstd", ARCHIVE, LIBARCHIVE, 1, 0) \
	KIND(LZMA, "lzma", ARCHIVE, LIBARCHIVE, 1, 0) \
	KIND(LZ4, "lz4", ARCHIVE, LIBARCHIVE, 1, 0) \
	KIND(LZIP, "lzip", ARCHIVE, LIBARCHIVE, 1, 0) \
	KIND(COMPRESS, "compress", ARCHIVE, LIBARCHIVE, 1, 0) \
	/* containers that nobody here opens: known, so that they can be told as not examined */ \
	KIND(THIN_AR, "thin-ar", ARCHIVE, NONE, 0, 0) \
	KIND(LZOP, "lzop", ARCHIVE, NONE, 1, 0) \
	KIND(BROTLI, "brotli", ARCHIVE, NONE, 1, 0) \
	KIND(CRAMFS, "cramfs", ARCHIVE, NONE, 0, 0) \
	KIND(UBI, "ubi", ARCHIVE, NONE, 0, 0) \
	KIND(EXT_FS, "ext-filesystem", ARCHIVE, NONE, 0, 0) \
	KIND(QCOW, "qcow", ARCHIVE, NONE, 0, 0) \
	KIND(VMDK, "vmdk", ARCHIVE, NONE, 0, 0) \
	KIND(WIM, "wim", ARCHIVE, NONE, 0, 0) \
	KIND(ENCRYPTED, "encrypted", ARCHIVE, NONE, 0, 0) \
	/* what is looked at or listened to */ \
	KIND(IMAGE, "image", MEDIA, NONE, 0, 0) \
	KIND(FONT, "font", MEDIA, NONE, 0, 0) \
	KIND(MEDIA, "media", MEDIA, NONE, 0, 0) \
	KIND(SWF, "swf", MEDIA, CLAMAV, 0, 0) \
	/* the rest */ \
	KIND(SQLITE, "sqlite", DATA, NONE, 0, 0) \
	KIND(DER, "der", DATA, NONE, 0, 0) \
	KIND(KEYSTORE, "keystore", DATA, NONE, 0, 0) \
	KIND(ANDROID_XML, "android-xml", DATA, NONE, 0, 0) \
	KIND(PLIST, "binary-plist", DATA, NONE, 0, 0) \
	KIND(PICKLE, "pickle", DATA, NONE, 0, 0) \
	KIND(GETTEXT_MO, "gettext-mo", DATA, NONE, 0, 0) \
	KIND(DATA, "data", DATA, NONE, 0, 0)
/* clang-format on */

#define PB_KIND_ID(id, spelling, class, opener, layer, members) PB_KIND_##id,
typedef enum pb_kind_id { PB_KIND_TABLE(PB_KIND_ID) PB_KINDS } pb_kind_id;
#undef PB_KIND_ID

/* The kind that the bytes themselves prove (magic numbers, structure), or PB_KINDS where they prove none. */
pb_kind_id pb_kind_by_magic(pb_bytes bytes, const char *name_class);

/* The kind of a text, or PB_KINDS where the bytes are no text. */
pb_kind_id pb_kind_of_text(pb_bytes bytes, const char *name_class);

/* Of a zip: what it is by the name class and its first entries. */
pb_kind_id pb_kind_of_zip(pb_bytes bytes, const char *name_class);

/* Is word among the words of list, which single spaces separate? "" never is. */
bool pb_word_among(const char *word, const char *list);

/* How zip methods are packed that ClamAV opens. */
bool pb_zip_method_known(unsigned method);

#endif
