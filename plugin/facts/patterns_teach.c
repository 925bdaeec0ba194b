/* What YARA's messages leave out: what to write instead, and the line where it is to be written. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "facts/yara_rules.h"

enum { IDS = 200, ID_BYTES = 64 };

static bool id_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* `$id =` at p: the length of the identifier; 0: none is defined there. */
static size_t defined_at(const char *p)
{
	size_t n = 1, after;

	if (*p != '$')
		return 0;
	while (id_char(p[n]))
		n++;
	after = n + strspn(p + n, " \t\r\n");
	return p[after] == '=' && p[after + 1] != '=' ? n : 0;
}

/* The nearest identifier of a string that text defines, into out; "" where none is near. */
static void near_string(const char *text, const char *word, char out[ID_BYTES])
{
	char kept[IDS][ID_BYTES];
	const char *names[IDS], *near;
	size_t n = 0;

	for (const char *p = text; *p != '\0' && n < IDS; p++) {
		size_t length = defined_at(p);

		if (length == 0 || length >= ID_BYTES)
			continue;
		(void)snprintf(kept[n], ID_BYTES, "%.*s", (int)length, p);
		names[n] = kept[n];
		n++;
	}
	near = pb_text_nearest(word, names, n);
	(void)snprintf(out, ID_BYTES, "%s", near != NULL ? near : "");
}

/* The line on which text defines the string `id` for the first time; otherwise the given one. */
static int line_of(const char *text, const char *id, int otherwise)
{
	size_t n = strlen(id);
	int line = 1;

	for (const char *p = text; *p != '\0'; p++) {
		if (defined_at(p) == n && strncmp(p, id, n) == 0)
			return line;
		line += *p == '\n';
	}
	return otherwise;
}

/* The line on which text uses the string `id` first; otherwise the given one: YARA gives the end of the rule. */
static int line_of_use(const char *text, const char *id, int otherwise)
{
	size_t n = strlen(id);
	int line = 1;

	for (const char *p = text; *p != '\0'; p++) {
		if (n > 1 && strncmp(p, id, n) == 0 && !id_char(p[n]))
			return line;
		line += *p == '\n';
	}
	return otherwise;
}

static void add(char *message, size_t room, const char *words)
{
	size_t n = strlen(message);

	(void)snprintf(message + n, room - n, "; %s", words);
}

static void add_meant(char *message, size_t room, const char *near)
{
	char words[120];

	(void)snprintf(words, sizeof words, "did you mean \"%.80s\"?", near);
	add(message, room, words);
}

int pb_patterns_teach(const char *text, char *message, size_t room, int line)
{
	static const char *const modules[] = {"elf", "pe", "macho", "dotnet", "hash", "math", "time", "string", "console", "magic", "dex", "cuckoo"};
	const char *open = strchr(message, '"'), *close = open != NULL ? strchr(open + 1, '"') : NULL, *near;
	char id[ID_BYTES] = "", found[ID_BYTES];

	if (close != NULL && close - open - 1 < ID_BYTES)
		(void)snprintf(id, sizeof id, "%.*s", (int)(close - open - 1), open + 1);
	if (strncmp(message, "unreferenced string", 19) == 0) {
		line = line_of(text, id, line);
		add(message, room, "the condition does not use it: use it, take it out, or let its name begin with $_");
	} else if (strncmp(message, "undefined string", 16) == 0) {
		line = line_of_use(text, id, line);
		near_string(text, id, found);
		if (found[0] != '\0')
			add_meant(message, room, found);
		else
			add(message, room, "strings: defines them, $name = \"text\"");
	} else if (strncmp(message, "duplicated string", 17) == 0) {
		add(message, room, "each string of a rule has a name of its own");
	} else if (strncmp(message, "duplicated identifier", 21) == 0) {
		add(message, room, "each rule of a file has a name of its own");
	} else if (strncmp(message, "unknown module", 14) == 0) {
		near = pb_text_nearest(id, modules, sizeof modules / sizeof modules[0]);
		if (near != NULL)
			add_meant(message, room, near);
		else
			add(message, room, "there are elf, pe, macho, dotnet, hash, math, time, string");
	} else if (strncmp(message, "undefined identifier", 20) == 0) {
		add(message, room, "strings begin with $; a module is imported before the rule, import \"elf\"");
	} else if (strncmp(message, "syntax error", 12) == 0) {
		add(message, room, "a text stands in \"...\", bytes in { 4D 5A }, a regular expression in /.../; then comes condition:");
	}
	return line;
}
