/* Is it text, and of which kind? The #! line first, then the name class, then how it begins. */
#include <string.h>

#include "base/text.h"
#include "object/kinds.h"

static const struct {
	const char *name_class;
	pb_kind_id kind;
} names[] = {
	{".sh", PB_KIND_SHELL},         {".bash", PB_KIND_SHELL},      {".zsh", PB_KIND_SHELL},       {".ksh", PB_KIND_SHELL},
	{".fish", PB_KIND_SHELL},       {".bats", PB_KIND_SHELL},      {".py", PB_KIND_PYTHON},       {".pyi", PB_KIND_PYTHON},
	{".pyw", PB_KIND_PYTHON},       {".pyx", PB_KIND_PYTHON},      {".js", PB_KIND_JAVASCRIPT},   {".mjs", PB_KIND_JAVASCRIPT},
	{".cjs", PB_KIND_JAVASCRIPT},   {".jsx", PB_KIND_JAVASCRIPT},  {".ts", PB_KIND_TYPESCRIPT},   {".mts", PB_KIND_TYPESCRIPT},
	{".cts", PB_KIND_TYPESCRIPT},   {".tsx", PB_KIND_TYPESCRIPT},  {".pl", PB_KIND_PERL},         {".pm", PB_KIND_PERL},
	{".t", PB_KIND_PERL},           {".php", PB_KIND_PHP},         {".phtml", PB_KIND_PHP},       {".pem", PB_KIND_PEM},
	{".rb", PB_KIND_RUBY},          {".gemspec", PB_KIND_RUBY},    {".rake", PB_KIND_RUBY},       {".ps1", PB_KIND_POWERSHELL},
	{".psm1", PB_KIND_POWERSHELL},  {".psd1", PB_KIND_POWERSHELL}, {".bat", PB_KIND_BATCH},       {".cmd", PB_KIND_BATCH},
	{".vbs", PB_KIND_VBSCRIPT},     {".vba", PB_KIND_VBSCRIPT},    {".bas", PB_KIND_VBSCRIPT},    {".wsf", PB_KIND_VBSCRIPT},
	{".lua", PB_KIND_LUA},          {".tcl", PB_KIND_TCL},         {".awk", PB_KIND_AWK},         {".r", PB_KIND_R},
	{".sql", PB_KIND_SQL},          {".c", PB_KIND_C},             {".h", PB_KIND_C},             {".m", PB_KIND_C},
	{".cc", PB_KIND_CPP},           {".cpp", PB_KIND_CPP},         {".cxx", PB_KIND_CPP},         {".hh", PB_KIND_CPP},
	{".hpp", PB_KIND_CPP},          {".hxx", PB_KIND_CPP},         {".ipp", PB_KIND_CPP},         {".mm", PB_KIND_CPP},
	{".cs", PB_KIND_CSHARP},        {".go", PB_KIND_GO},           {".rs", PB_KIND_RUST},         {".java", PB_KIND_JAVA},
	{".groovy", PB_KIND_JAVA},      {".gradle", PB_KIND_JAVA},     {".kt", PB_KIND_KOTLIN},       {".kts", PB_KIND_KOTLIN},
	{".swift", PB_KIND_SWIFT},      {".scala", PB_KIND_SCALA},     {".el", PB_KIND_LISP},         {".lisp", PB_KIND_LISP},
	{".scm", PB_KIND_LISP},         {".clj", PB_KIND_LISP},        {".s", PB_KIND_ASSEMBLER},     {".asm", PB_KIND_ASSEMBLER},
	{".mk", PB_KIND_MAKE},          {"makefile", PB_KIND_MAKE},    {".mak", PB_KIND_MAKE},        {".cmake", PB_KIND_CMAKE},
	{"dockerfile", PB_KIND_DOCKERFILE}, {"gemfile", PB_KIND_RUBY}, {"setup.py", PB_KIND_PYTHON},  {"install.sh", PB_KIND_SHELL},
	{".html", PB_KIND_HTML},        {".htm", PB_KIND_HTML},        {".xhtml", PB_KIND_HTML},      {".hta", PB_KIND_HTML},
	{".xml", PB_KIND_XML},          {".xsd", PB_KIND_XML},         {".xsl", PB_KIND_XML},         {".xslt", PB_KIND_XML},
	{".plist", PB_KIND_XML},        {".xaml", PB_KIND_XML},        {".csproj", PB_KIND_XML},      {".nuspec", PB_KIND_XML},
	{"pom.xml", PB_KIND_XML},       {"androidmanifest.xml", PB_KIND_XML}, {".svg", PB_KIND_SVG},  {".json", PB_KIND_JSON},
	{".jsonl", PB_KIND_JSON},       {".geojson", PB_KIND_JSON},    {".map", PB_KIND_JSON},        {".ipynb", PB_KIND_JSON},
	{"package.json", PB_KIND_JSON}, {"package-lock.json", PB_KIND_JSON}, {"npm-shrinkwrap.json", PB_KIND_JSON},
	{"composer.json", PB_KIND_JSON}, {"composer.lock", PB_KIND_JSON}, {"binding.gyp", PB_KIND_JSON}, {".yaml", PB_KIND_YAML},
	{".yml", PB_KIND_YAML},         {".toml", PB_KIND_TOML},       {"pyproject.toml", PB_KIND_TOML}, {"cargo.toml", PB_KIND_TOML},
	{"cargo.lock", PB_KIND_TOML},   {".ini", PB_KIND_INI},         {".cfg", PB_KIND_INI},         {".conf", PB_KIND_INI},
	{".properties", PB_KIND_INI},   {".desktop", PB_KIND_INI},     {".service", PB_KIND_INI},     {".socket", PB_KIND_INI},
	{".timer", PB_KIND_INI},        {".env", PB_KIND_INI},         {".npmrc", PB_KIND_INI},       {".pypirc", PB_KIND_INI},
	{"setup.cfg", PB_KIND_INI},     {"pom.properties", PB_KIND_INI}, {".reg", PB_KIND_INI},       {".inf", PB_KIND_INI},
	{".csv", PB_KIND_CSV},          {".tsv", PB_KIND_CSV},         {"record", PB_KIND_CSV},       {".css", PB_KIND_CSS},
	{".scss", PB_KIND_CSS},         {".less", PB_KIND_CSS},        {".md", PB_KIND_MARKDOWN},     {".markdown", PB_KIND_MARKDOWN},
	{"security.md", PB_KIND_MARKDOWN}, {".rst", PB_KIND_RST},      {".tex", PB_KIND_TEX},         {".sty", PB_KIND_TEX},
	{".po", PB_KIND_PO},            {".pot", PB_KIND_PO},          {".diff", PB_KIND_DIFF},       {".patch", PB_KIND_DIFF},
	{".eml", PB_KIND_MAIL},         {".mbox", PB_KIND_MAIL},       {".ppk", PB_KIND_PUTTY_KEY},
};

/* Interpreters: the base name of what #! names, without version digits. */
static const struct {
	const char *name;
	pb_kind_id kind;
} interpreters[] = {
	{"sh", PB_KIND_SHELL},        {"bash", PB_KIND_SHELL},       {"dash", PB_KIND_SHELL},      {"ash", PB_KIND_SHELL},
	{"ksh", PB_KIND_SHELL},       {"mksh", PB_KIND_SHELL},       {"zsh", PB_KIND_SHELL},       {"fish", PB_KIND_SHELL},
	{"csh", PB_KIND_SHELL},       {"tcsh", PB_KIND_SHELL},       {"busybox", PB_KIND_SHELL},   {"openrc-run", PB_KIND_SHELL},
	{"python", PB_KIND_PYTHON},   {"pypy", PB_KIND_PYTHON},      {"node", PB_KIND_JAVASCRIPT}, {"nodejs", PB_KIND_JAVASCRIPT},
	{"deno", PB_KIND_TYPESCRIPT}, {"bun", PB_KIND_TYPESCRIPT},   {"ts-node", PB_KIND_TYPESCRIPT}, {"perl", PB_KIND_PERL},
	{"php", PB_KIND_PHP},         {"ruby", PB_KIND_RUBY},        {"pwsh", PB_KIND_POWERSHELL}, {"lua", PB_KIND_LUA},
	{"luajit", PB_KIND_LUA},      {"texlua", PB_KIND_LUA},       {"tclsh", PB_KIND_TCL},       {"wish", PB_KIND_TCL},
	{"expect", PB_KIND_TCL},      {"awk", PB_KIND_AWK},          {"gawk", PB_KIND_AWK},        {"mawk", PB_KIND_AWK},
	{"Rscript", PB_KIND_R},       {"make", PB_KIND_MAKE},        {"scala", PB_KIND_SCALA},     {"groovy", PB_KIND_JAVA},
	{"emacs", PB_KIND_LISP},      {"guile", PB_KIND_LISP},       {"sbcl", PB_KIND_LISP},
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
	{"<?php", PB_KIND_PHP},    {"<!doctype html", PB_KIND_HTML}, {"<html", PB_KIND_HTML},       {"<svg", PB_KIND_SVG},
	{"<?xml", PB_KIND_XML},    {"{\"", PB_KIND_JSON},            {"diff --git ", PB_KIND_DIFF}, {"@echo off", PB_KIND_BATCH},
	{".\\\" ", PB_KIND_ROFF},  {".TH ", PB_KIND_ROFF},           {"'\\\" t", PB_KIND_ROFF},     {"Return-Path: ", PB_KIND_MAIL},
	{"Received: from ", PB_KIND_MAIL}, {"Delivered-To: ", PB_KIND_MAIL},
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
	for (size_t i = from; i < to; i++)
		if (line.data[i] == '/')
			from = i + 1;
	for (size_t i = from; i < to; i++)
		if (line.data[i] >= '0' && line.data[i] <= '9')
			to = i;
	for (size_t i = 0; i < sizeof interpreters / sizeof interpreters[0]; i++) {
		size_t n = strlen(interpreters[i].name);

		if (to - from == n && memcmp(line.data + from, interpreters[i].name, n) == 0)
			return interpreters[i].kind;
	}
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
		if (strcmp(names[i].name_class, name_class) == 0)
			return names[i].kind;
	return PB_KINDS;
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
	for (size_t i = 0; i < sizeof later / sizeof later[0]; i++)
		if (begins_with(b, later[i].begin))
			return later[i].kind;
	return PB_KIND_TEXT;
}
