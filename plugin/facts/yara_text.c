/* As much of YARA's lexer as it takes to tell a word of the language from one in a comment, a string or a regular expression. */
#include "facts/yara_text.h"

#include <stdbool.h>
#include <string.h>

/* Over a comment, a text string, a regular expression (in YARA a '/' is nothing else, division is '\') or one byte. */
static const char *step(const char *s)
{
	if (s[0] == '/' && s[1] == '/')
		return s + strcspn(s, "\n");
	if (s[0] == '/' && s[1] == '*') {
		const char *end = strstr(s + 2, "*/");
		return end ? end + 2 : s + strlen(s);
	}
	if (*s != '"' && *s != '/')
		return s + 1;
	for (char quote = *s++; *s && *s != quote && *s != '\n'; s++)
		if (*s == '\\' && s[1])
			s++;
	return *s ? s + 1 : s;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || c == '#' ||
	       c == '@' || c == '!';
}

static size_t word_length(const char *s)
{
	size_t n = 0;
	while (is_word(s[n]))
		n++;
	return n;
}

static const char *over_blanks(const char *s)
{
	for (;;) {
		s += strspn(s, " \t\r\n");
		if (s[0] != '/' || (s[1] != '/' && s[1] != '*'))
			return s;
		s = step(s);
	}
}

/* The statement that begins with this word, if it is one. */
static int take(const char *s, size_t n, int line, pb_yara_fn fn, void *user)
{
	static const struct {
		const char *word;
		pb_yara_word what;
	} words[] = {{"import", PB_YARA_IMPORT}, {"include", PB_YARA_INCLUDE}, {"rule", PB_YARA_RULE}};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		const char *name;
		size_t length;

		if (strlen(words[i].word) != n || memcmp(s, words[i].word, n) != 0)
			continue;
		name = over_blanks(s + n);
		if (words[i].what == PB_YARA_RULE) {
			length = word_length(name);
		} else {
			if (*name++ != '"')
				return 0;
			length = strcspn(name, "\"\n");
			if (name[length] != '"')
				return 0;
		}
		return length > 0 ? fn(user, words[i].what, name, length, line) : 0;
	}
	return 0;
}

int pb_yara_read(const char *text, pb_yara_fn fn, void *user)
{
	int line = 1;

	for (const char *s = text, *next; *s; s = next) {
		size_t n = word_length(s);

		next = n > 0 ? s + n : step(s);
		if (n > 0) {
			int rc = take(s, n, line, fn, user);
			if (rc)
				return rc;
		}
		for (const char *p = s; p < next; p++)
			line += *p == '\n';
	}
	return 0;
}
