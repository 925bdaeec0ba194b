/* `check lint --fix`: a word that is nearly right becomes the right one. Nothing else is touched. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/check.h"
#include "cli/cli.h"

enum { WORD_BYTES = 120, CHECK_BYTES = 1 << 20 };

/* The text between the quotes behind `from`; false: there is none, or it is too long for a word. */
static bool quoted(const char *from, const char *before, char out[WORD_BYTES])
{
	const char *open = strchr(from, '"'), *close = open ? strchr(open + 1, '"') : NULL;
	if (!close || (before && close > before) || close - open - 1 >= WORD_BYTES || close == open + 1)
		return false;
	memcpy(out, open + 1, (size_t)(close - open - 1));
	out[close - open - 1] = '\0';
	return true;
}

/* The wrong word and the right one of a message. "serverity: unknown field; did you mean ..." names the word as its field. */
static bool words_of(const char *what, char wrong[WORD_BYTES], char right[WORD_BYTES])
{
	const char *meant = strstr(what, "; did you mean \"");
	if (!meant || !quoted(meant, NULL, right))
		return false;
	if (quoted(what, meant, wrong))
		return true;
	size_t n = strcspn(what, ":"), from = n;
	while (from > 0 && what[from - 1] != '.')
		from--;
	if (n == from || n - from >= WORD_BYTES)
		return false;
	memcpy(wrong, what + from, n - from);
	wrong[n - from] = '\0';
	return true;
}

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || strchr("_$-.:", c);
}

/* The one place of word in [from, to): NULL where it is not there, or there twice. A name behind "found." counts as well. */
static char *only(char *from, const char *to, const char *start, const char *word)
{
	size_t n = strlen(word);
	char *hit = NULL;
	for (char *p = from; p + n <= to; p++) {
		bool begins = p == start || p[-1] == '.' || p[-1] == '$' || !word_char(p[-1]);
		if (memcmp(p, word, n) != 0 || !begins || (p + n < to && word_char(p[n]) && p[n] != '.' && p[n] != ':'))
			continue;
		if (hit)
			return NULL;
		hit = p;
	}
	return hit;
}

static char *line_start(char *text, long line)
{
	char *p = text;
	for (long i = 1; i < line && p; i++) {
		p = strchr(p, '\n');
		p = p ? p + 1 : NULL;
	}
	return p;
}

static void show(const char *sign, const char *from)
{
	char *safe = strndup(from, strcspn(from, "\r\n")), *shown = safe ? pb_text_safe(safe, 0) : NULL;
	printf("%s%s\n", sign, shown ? shown : "");
	free(safe);
	free(shown);
}

/* text with one word replaced, fresh. NULL: it cannot be done, or no memory. Shows the change. */
static char *mend(char *text, const pb_remark *r)
{
	char wrong[WORD_BYTES], right[WORD_BYTES], *out, *line, *at, *end;
	if (!words_of(r->what, wrong, right) || (line = line_start(text, r->line)) == NULL)
		return NULL;
	end = line + strcspn(line, "\n");
	at = only(line, end, text, wrong);
	if (!at) /* a list may go on over lines */
		at = only(text, text + strlen(text), text, wrong);
	if (!at || asprintf(&out, "%.*s%s%s", (int)(at - text), text, right, at + strlen(wrong)) < 0)
		return NULL;
	for (line = at; line > text && line[-1] != '\n';)
		line--;
	long number = 1;
	for (const char *p = text; p < line; p++)
		number += *p == '\n';
	printf("@@ -%ld +%ld @@\n", number, number);
	show("-", line);
	show("+", out + (line - text));
	return out;
}

static bool agreed(bool yes)
{
	char answer[16];
	if (yes)
		return true;
	if (!isatty(STDIN_FILENO)) {
		puts("Nothing is written: -y writes.");
		return false;
	}
	fputs("Write this? [y/N] ", stdout);
	fflush(stdout);
	return fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

/* The remarks [0, n) are of one file. */
static int mend_file(pb_remark *r, size_t n, bool yes)
{
	pb_buf buf = {0};
	pb_error err = {0};
	size_t mended = 0;
	char *text = NULL, wrong[WORD_BYTES], right[WORD_BYTES];
	bool any = false;
	for (size_t i = 0; i < n; i++)
		any = any || words_of(r[i].what, wrong, right);
	if (!any || pb_fs_read(r->file, CHECK_BYTES, &buf, NULL))
		return 0; /* why it cannot be read was told */
	if (!memchr(buf.data, '\0', buf.size))
		text = strndup((const char *)buf.data, buf.size);
	printf("--- %s\n+++ %s\n", r->file, r->file);
	for (size_t i = 0; i < n && text; i++) {
		char *better = mend(text, &r[i]);
		if (!better)
			continue;
		free(text);
		text = better;
		r[i].mended = true;
		mended++;
	}
	bool write = mended > 0 && agreed(yes);
	int rc = write ? pb_fs_write(r->file, text, strlen(text), &err) : 0;
	for (size_t i = 0; i < n && (!write || rc); i++)
		r[i].mended = false;
	if (rc)
		pb_complain("%s", err.text);
	else if (write)
		printf("%s: %zu mended.\n", r->file, mended);
	free(text);
	pb_buf_free(&buf);
	return rc ? PB_EXIT_ERROR : 0;
}

int pb_check_mend(pb_remark *remarks, size_t n, bool yes)
{
	int rc = 0;
	for (size_t from = 0, to; from < n && !rc; from = to) {
		for (to = from + 1; to < n && strcmp(remarks[to].file, remarks[from].file) == 0;)
			to++;
		rc = mend_file(remarks + from, to - from, yes);
	}
	return fflush(stdout) ? PB_EXIT_ERROR : rc;
}
