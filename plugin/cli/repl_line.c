#include "cli/repl_line.h"

#include <editline/readline.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include "cli/cli.h"

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

/*
 * The next character. A signal counts whenever it comes: libedit's own function looks for none before it waits, and a Ctrl-C just
 * before that would wait with it for the next key. Hence blocked while pb_interrupted is read, and let in by ppoll alone.
 */
static int next_character(FILE *in)
{
	int fd = fileno(in), got = -1;
	sigset_t ours, before;
	mbstate_t state = {0};
	wchar_t c = 0;
	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	sigprocmask(SIG_BLOCK, &ours, &before);
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		char byte;
		if (pb_interrupted || (ppoll(&p, 1, NULL, &before) < 0 && (errno != EINTR || pb_interrupted)))
			break;
		if (!p.revents)
			continue;
		if (read(fd, &byte, 1) != 1)
			break;
		size_t n = mbrtowc(&c, &byte, 1, &state);
		if (n == (size_t)-2)
			continue; /* the first bytes of a character */
		got = n == (size_t)-1 ? L'?' : (int)c;
		break;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return got;
}

void pb_line_open(const char *history, json_t *(*complete_with)(void *user, const char *line), void *user)
{
	static char breaks[] = " \t\n\"\\'`@$><=;|&{}()[],+-*/%^#~";
	(void)setlocale(LC_CTYPE, ""); /* what a character is, to whoever types it; nothing else of a locale */
	complete_line = complete_with;
	complete_user = user;
	rl_readline_name = "probity";
	rl_attempted_completion_function = complete;
	rl_getc_function = next_character;
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
