/* Private to code_shell*.c: a shell script on its way to calls. Words are made by the shell's rules of quoting; nothing is run.
 */
#ifndef PROBITY_FACTS_CODE_SHELL_H
#define PROBITY_FACTS_CODE_SHELL_H

#include "facts/code.h"

enum {
	PB_SHELL_DEPTH = 24, /* of substitutions and of texts that are run */
	PB_SHELL_ARGS = 16,  /* of a command that are kept */
	PB_SHELL_NAMES = 96, /* bytes of the names of commands that lie upstream */
};

/* What comes out of a command, a pipeline or a substitution. */
typedef struct pb_shell_stage {
	char names[PB_SHELL_NAMES]; /* "curl|base64" */
	pb_value output;            /* where it is known */
} pb_shell_stage;

/* A text of a command: v.number is 1 where something in it is computed, and then stands there as it is written. */
typedef struct pb_shell_command {
	size_t at, n;
	pb_value args[PB_SHELL_ARGS]; /* the first is the command's name */
	pb_shell_stage in;            /* what it reads: of a pipe, of substitutions in its words, of a text behind << */
	pb_value to, reads;           /* files */
	pb_shell_stage inner;         /* ( ... ): what lies in it */
	bool grouped;
} pb_shell_command;

typedef struct pb_shell {
	pb_script *c;
	pb_code_fact *f;
	pb_bytes b;
	size_t at;
	size_t outer;                 /* where the text lies that holds this one, or SIZE_MAX */
	bool binding;                 /* the first pass: names get their values, nothing is told */
	bool no_single, no_backquote; /* there is no further one: looked once */
	unsigned lost;                /* bodies behind << that never ended */
	unsigned depth;
	uint8_t closer;             /* of the list that is read */
	unsigned cases;             /* open ones of this list */
	bool pattern;               /* a pattern of a case comes next */
	size_t body_from, body_end; /* of texts behind <<: the line's end where they begin, and where code goes on */
	uint8_t *scratch;           /* words in the making lie behind each other */
	size_t n_scratch, cap_scratch;
	int rc;
} pb_shell;

/* code_shell.c */
void pb_shell_list(pb_shell *s, uint8_t closer, pb_shell_stage *out);                  /* closer: ')', '`' or 0 */
void pb_shell_text(pb_shell *s, const pb_value *text, size_t at, pb_shell_stage *out); /* a text that is run */
void pb_shell_end(pb_shell *s);
void pb_shell_join(char names[PB_SHELL_NAMES], const char *more, char by);

/* code_shell_redirect.c: at < or >, or at the & before one. False: it is none. */
bool pb_shell_redirection(pb_shell *s, pb_shell_command *cmd);
bool pb_shell_is_number(pb_bytes b); /* of a file descriptor */

/* code_shell_word.c: the word at s->at; names of commands in it are added to from. False: none begins here. */
bool pb_shell_word(pb_shell *s, pb_value *out, char from[PB_SHELL_NAMES]);
bool pb_shell_blank(pb_shell *s); /* past blanks and what joins lines; are there more bytes? */

/* code_shell_told.c */
pb_value pb_shell_output(pb_shell *s, const pb_shell_command *cmd);       /* unknown, where it cannot be told */
const char *pb_shell_name(const pb_value *word, char name[PB_CODE_NAME]); /* of a command, without usual folders */
void pb_shell_tell(pb_shell *s, pb_shell_command *cmd);

static inline bool pb_shell_is(const pb_value *v, const char *text)
{
	return v->kind == PB_VALUE_TEXT && v->n == strlen(text) && memcmp(v->text, text, v->n) == 0;
}

static inline uint8_t pb_shell_byte(const pb_shell *s, size_t ahead)
{
	return ahead < s->b.size - s->at ? s->b.data[s->at + ahead] : 0;
}

#endif
