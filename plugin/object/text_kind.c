/* Is it text, and of which kind? The #! line first, then the name class, then how it begins. */
#include <string.h>

#include "base/text.h"
#include "object/kinds.h"

static const struct {
	pb_kind_id kind;
	const char *name_classes;
} names[] = {
	{PB_KIND_SHELL, ".sh .bash .zsh .ksh .fish .bats install.sh"},
	{PB_KIND_PYTHON, ".py .pyi .pyw .pyx setup.py"},
	{PB_KIND_JAVASCRIPT, ".js .mjs .cjs .jsx"},
	{PB_KIND_TYPESCRIPT, ".ts .mts .cts .tsx"},
	{PB_KIND_PERL, ".pl .pm .t"},
	{PB_KIND_PHP, ".php .phtml"},
	{PB_KIND_PEM, ".pem"},
	{PB_KIND_RUBY, ".rb .gemspec .rake gemfile"},
	{PB_KIND_POWERSHELL, ".ps1 .psm1 .psd1"},
	{PB_KIND_BATCH, ".bat .cmd"},
	{PB_KIND_VBSCRIPT, ".vbs .vba .bas .wsf"},
	{PB_KIND_LUA, ".lua"},
	{PB_KIND_TCL, ".tcl"},
	{PB_KIND_AWK, ".awk"},
	{PB_KIND_R, ".r"},
	{PB_KIND_SQL, ".sql"},
	{PB_KIND_C, ".c .h .m"},
	{PB_KIND_CPP, ".cc .cpp .cxx .hh .hpp .hxx .ipp .mm"},
	{PB_KIND_CSHARP, ".cs"},
	{PB_KIND_GO, ".go"},
	{PB_KIND_RUST, ".rs"},
	{PB_KIND_JAVA, ".java .groovy .gradle"},
	{PB_KIND_KOTLIN, ".kt .kts"},
	{PB_KIND_SWIFT, ".swift"},
	{PB_KIND_SCALA, ".scala"},
	{PB_KIND_LISP, ".el .lisp .scm .clj"},
	{PB_KIND_ASSEMBLER, ".s .asm"},
	{PB_KIND_MAKE, ".mk makefile .mak"},
	{PB_KIND_CMAKE, ".cmake"},
	{PB_KIND_DOCKERFILE, "dockerfile"},
	{PB_KIND_HTML, ".html .htm .xhtml .hta"},
	{PB_KIND_XML, ".xml .xsd .xsl .xslt .plist .xaml .csproj .nuspec pom.xml androidmanifest.xml"},
	{PB_KIND_SVG, ".svg"},
	{PB_KIND_JSON, ".json .jsonl .geojson .map .ipynb package.json package-lock.json npm-shrinkwrap.json"
	          " composer.json composer.lock binding.gyp"},
	{PB_KIND_YAML, ".yaml .yml"},
	{PB_KIND_TOML, ".toml pyproject.toml cargo.toml cargo.lock"},
	{PB_KIND_INI, ".ini .cfg .conf .properties .desktop .service .socket .timer .env .npmrc .pypirc setup.cfg"
	          " pom.properties .reg .inf"},
	{PB_KIND_CSV, ".csv .tsv record"},
	{PB_KIND_CSS, ".css .scss .less"},
	{PB_KIND_MARKDOWN, ".md .markdown security.md"},
	{PB_KIND_RST, ".rst"},
	{PB_KIND_TEX, ".tex .sty"},
	{PB_KIND_PO, ".po .pot"},
	{PB_KIND_DIFF, ".diff .patch"},
	{PB_KIND_MAIL, ".eml .mbox"},
	{PB_KIND_PUTTY_KEY, ".ppk"},
};

/* Interpreters: the base name of what #! names, without version digits. */
static const struct {
	pb_kind_id kind;
	const char *names;
} interpreters[] = {
	{PB_KIND_SHELL, "sh bash dash ash ksh mksh zsh fish csh tcsh busybox openrc-run"},
	{PB_KIND_PYTHON, "python pypy"},
	{PB_KIND_JAVASCRIPT, "node nodejs"},
	{PB_KIND_TYPESCRIPT, "deno bun ts-node"},
	{PB_KIND_PERL, "perl"},
	{PB_KIND_PHP, "php"},
	{PB_KIND_RUBY, "ruby"},
	{PB_KIND_POWERSHELL, "pwsh"},
	{PB_KIND_LUA, "lua luajit texlua"},
	{PB_KIND_TCL, "tclsh wish expect"},
	{PB_KIND_AWK, "awk gawk mawk"},
	{PB_KIND_R, "Rscript"},
	{PB_KIND_MAKE, "make"},
	{PB_KIND_SCALA, "scala"},
	{PB_KIND_JAVA, "groovy"},
	{PB_KIND_LISP, "emacs guile sbcl"},
};

/* How texts begin, white space in front left out. Letters of either case where they are lower-case here. */
static const struct {
	const char *begin;
	pb_kind_id kind;
} begins[] = {
	{"-----BEGIN AGE ENCRYPTED", PB_KIND_ENCRYPTED}, {"-----BEGIN PGP MESSAGE", PB_KIND_ENCRYPTED},
	{"$ANSIBLE_VAULT;", PB_KIND_ENCRYPTED},          {"-----BEGIN PGP ", PB_KIND_PGP},
	{"-----BEGIN ", PB_KIND_PEM},                    {"---- BEGIN SSH2 PUBLIC KEY", PB_KIND_SSH_PUBLIC},
	{"ssh-rsa AAAA", PB_KIND_SSH_PUBLIC},            {"ssh-ed25519 AAAA", PB_KIND_SSH_PUBLIC},
	{"ecdsa-sha2-nistp", PB_KIND_SSH_PUBLIC},        {"PuTTY-User-Key-File-", PB_KIND_PUTTY_KEY},
};

static const struct {
	const char *begin;
	pb_kind_id kind;
} later[] = { /* weaker than the name class */
	{"<?php", PB_KIND_PHP}, {"<!doctype html", PB_KIND_HTML}, {"<html", PB_KIND_HTML},
	{"<svg", PB_KIND_SVG}, {"<?xml", PB_KIND_XML}, {"{\"", PB_KIND_JSON}, {"diff --git ", PB_KIND_DIFF},
	{"@echo off", PB_KIND_BATCH}, {".\\\" ", PB_KIND_ROFF}, {".TH ", PB_KIND_ROFF},
	{"'\\\" t", PB_KIND_ROFF}, {"Return-Path: ", PB_KIND_MAIL}, {"Received: from ", PB_KIND_MAIL},
	{"Delivered-To: ", PB_KIND_MAIL},
};

/* UTF-8, UTF-16 with its mark, or an older 8-bit text: no NUL, hardly any control characters, not mostly high bytes. What is
 * named or begins like a source may hold a few: a NUL in a comment must not hide a script from those who read scripts. */
static bool is_text(pb_bytes b, bool source)
{
	size_t control = 0, high = 0, cut;

	if (b.size >= 2 && ((b.data[0] == 0xff && b.data[1] == 0xfe) || (b.data[0] == 0xfe && b.data[1] == 0xff)))
		return b.size % 2 == 0;
	for (size_t i = 0; i < b.size; i++) {
		uint8_t c = b.data[i];

		if (c == 0 && !source)
			return false;
		control += c < 0x20 && (c < '\a' || c > '\r') && c != 0x1b;
		high += c >= 0x80;
	}
	if (control > (source ? b.size / 32 + 4 : b.size / 128))
		return false;
	if (high <= b.size / 4)
		return true;
	for (cut = 0; cut < 4 && cut < b.size; cut++) /* the last character may be cut */
		if (pb_text_utf8(b.data, b.size - cut))
			return true;
	return false;
}

static bool begins_with(pb_bytes b, const char *begin)
{
	size_t n = strlen(begin);

	if (b.size < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		uint8_t c = b.data[i];

		if (begin[i] >= 'a' && begin[i] <= 'z' && c >= 'A' && c <= 'Z')
			c = (uint8_t)(c - 'A' + 'a');
		if (c != (uint8_t)begin[i])
			return false;
	}
	return true;
}

static size_t word_end(pb_bytes line, size_t at)
{
	while (at < line.size && line.data[at] != ' ' && line.data[at] != '\t' && line.data[at] != '\r')
		at++;
	return at;
}

/* The interpreter in [from, to) of the line: its base name without what follows a version digit. */
static pb_kind_id interpreter(pb_bytes line, size_t from, size_t to)
{
	char name[32];

	for (size_t i = from; i < to; i++)
		if (line.data[i] == '/')
			from = i + 1;
	for (size_t i = from; i < to; i++)
		if (line.data[i] >= '0' && line.data[i] <= '9')
			to = i;
	if (to - from >= sizeof name)
		return PB_KIND_SCRIPT;
	memcpy(name, line.data + from, to - from);
	name[to - from] = '\0';
	for (size_t i = 0; i < sizeof interpreters / sizeof interpreters[0]; i++)
		if (pb_word_among(name, interpreters[i].names))
			return interpreters[i].kind;
	return PB_KIND_SCRIPT;
}

static bool is_env(pb_bytes line, size_t from, size_t to)
{
	return to - from >= 3 && memcmp(line.data + to - 3, "env", 3) == 0 && (to - from == 3 || line.data[to - 4] == '/');
}

/* "#!/usr/bin/env -S NAME=x python3 -u" */
static pb_kind_id of_shebang(pb_bytes b)
{
	const uint8_t *newline = memchr(b.data, '\n', b.size < 1024 ? b.size : 1024);
	pb_bytes line = {b.data, newline != NULL ? (size_t)(newline - b.data) : (b.size < 1024 ? b.size : 1024)};
	size_t from = 2, to;
	bool env = false;

	for (;;) {
		while (from < line.size && (line.data[from] == ' ' || line.data[from] == '\t'))
			from++;
		to = word_end(line, from);
		if (from == to)
			return PB_KIND_SCRIPT;
		if (!env && is_env(line, from, to))
			env = true;
		else if (!env || (line.data[from] != '-' && memchr(line.data + from, '=', to - from) == NULL))
			return interpreter(line, from, to);
		from = to;
	}
}

static pb_kind_id of_name(const char *name_class)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (pb_word_among(name_class, names[i].name_classes))
			return names[i].kind;
	return PB_KINDS;
}

/* .INSTALL of pacman's packages: functions for a shell, without a #! line. debhelper's lists are called .install, too. */
static bool is_pacman_script(pb_bytes b, const char *name_class)
{
	static const char *const functions[] = {"pre_install()", "post_install()", "pre_upgrade()", "post_upgrade()", "pre_remove()", "post_remove()"};

	for (size_t i = 0; strcmp(name_class, ".install") == 0 && b.size > 0 && i < sizeof functions / sizeof functions[0]; i++)
		if (memmem(b.data, b.size, functions[i], strlen(functions[i])) != NULL)
			return true;
	return false;
}

pb_kind_id pb_kind_of_text(pb_bytes b, const char *name_class)
{
	pb_kind_id named = of_name(name_class);
	bool script;
	size_t at = 0;

	if (begins_with(b, "\xef\xbb\xbf"))
		b = pb_slice(b, 3, b.size);
	script = begins_with(b, "#!/") || begins_with(b, "#! /");
	if (b.size == 0 || !is_text(b, script || named != PB_KINDS))
		return PB_KINDS;
	if (script)
		return of_shebang(b);
	while (at < b.size && at < 1024 && (b.data[at] == ' ' || (b.data[at] >= '\t' && b.data[at] <= '\r')))
		at++;
	b = pb_slice(b, at, b.size);
	for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
		if (begins_with(b, begins[i].begin))
			return begins[i].kind;
	if (named != PB_KINDS)
		return named;
	if (is_pacman_script(b, name_class))
		return PB_KIND_SHELL;
	for (size_t i = 0; i < sizeof later / sizeof later[0]; i++)
		if (begins_with(b, later[i].begin))
			return later[i].kind;
	return PB_KIND_TEXT;
}
