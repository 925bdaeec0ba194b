#include "cli/repl_line.h"

#include <editline/readline.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { HISTORY = 1000 };

static json_t *(*complete_line)(void *user, const char *line);
static void *complete_user;
static json_t *words; /* of the completion under way */
static char *history_file;

static char *next_word(const char *text, int state)
{
	static size_t at;
	at = state ? at : 0;
	while (at < json_array_size(words)) {
		const char *word = json_string_value(json_array_get(words, at++));
		if (word && strncmp(word, text, strlen(text)) == 0)
			return strdup(word);
	}
	return NULL;
}

static char **complete(const char *text, int start, int end)
{
	(void)start;
	char *line = strndup(rl_line_buffer, (size_t)end);
	json_decref(words);
	words = line ? complete_line(complete_user, line) : NULL;
	free(line);
	rl_attempted_completion_over = 1; /* never names of files */
	return rl_completion_matches(text, next_word);
}

void pb_line_open(const char *history, json_t *(*complete_with)(void *user, const char *line), void *user)
{
	static char breaks[] = " \t\n\"\\'`@$><=;|&{}()[],+-*/%^#~";
	(void)setlocale(LC_CTYPE, ""); /* what a character is, to whoever types it; nothing else of a locale */
	complete_line = complete_with;
	complete_user = user;
	rl_readline_name = "probity";
	rl_attempted_completion_function = complete;
	rl_basic_word_break_characters = breaks;
	rl_completer_word_break_characters = breaks;
	rl_completion_append_character = '\0';
	using_history();
	stifle_history(HISTORY);
	history_file = history ? strdup(history) : NULL;
	if (history_file)
		(void)read_history(history_file);
}

/* The lines may hold what was found in products: for nobody else. */
void pb_line_close(void)
{
	if (history_file) {
		mode_t before = umask(077);
		(void)write_history(history_file);
		(void)chmod(history_file, 0600);
		umask(before);
	}
	free(history_file);
	history_file = NULL;
	json_decref(words);
	words = NULL;
}

char *pb_line_read(const char *prompt)
{
	return readline(prompt);
}

void pb_line_keep(const char *line)
{
	(void)add_history(line);
}
