/* A shell script as commands: lists, pipelines, groups, functions, redirections, texts behind <<. One pass; what is nested is
 * walked where it stands, so that it stays linear. */
#include "facts/code_shell.h"

#include <stdlib.h>

enum { WORDS_MAX = 100000 };

void pb_shell_join(char names[PB_SHELL_NAMES], const char *more, char by)
{
	size_t n = strlen(names), m = strlen(more);
	if (m == 0 || n + m + 2 > PB_SHELL_NAMES)
		return;
	if (n > 0)
		names[n++] = by;
	memcpy(names + n, more, m + 1);
}

void pb_shell_end(pb_shell *s)
{
	free(s->scratch);
}

/* Is it this word, and nothing behind it? */
static bool keyword(const pb_shell *s, const char *word)
{
	size_t n = strlen(word);
	if (s->b.size - s->at < n || memcmp(s->b.data + s->at, word, n) != 0)
		return false;
	uint8_t after = pb_shell_byte(s, n);
	return after <= ' ' || strchr(";&|()<>", after) != NULL;
}

/* A line ends here: texts behind << come before the next one. */
static void newline(pb_shell *s)
{
	s->at = s->body_end && s->at == s->body_from ? s->body_end : s->at + 1;
}

/* name= at s->at: where its value begins, or 0. */
static size_t assigned(const pb_shell *s)
{
	size_t i = s->at;
	while (i < s->b.size && pb_code_word(s->b.data[i]) && s->b.data[i] != '$' && s->b.data[i] < 0x80)
		i++;
	if (i == s->at || i >= s->b.size || (s->b.data[s->at] >= '0' && s->b.data[s->at] <= '9'))
		return 0;
	if (s->b.data[i] == '+' && i + 1 < s->b.size)
		i++;
	return s->b.data[i] == '=' ? i + 1 : 0;
}

static void bind(pb_shell *s, pb_bytes name, const pb_value *value)
{
	if (!s->binding || s->outer != SIZE_MAX)
		return;
	bool known = value && value->kind == PB_VALUE_TEXT && !value->number && value->n <= 4096;
	bool more = name.size > 0 && name.data[name.size - 1] == '+';
	pb_code_bind(s->c, pb_slice(name, 0, name.size - more), known && !more ? value : NULL, false);
}

/* A name whose value is what commands put out: by their names. */
static void bind_source(pb_shell *s, pb_bytes name, const char *from)
{
	pb_value names = s->binding && s->outer == SIZE_MAX ? pb_value_text(s->c, (const uint8_t *)from, strlen(from))
	                                                    : (pb_value){.kind = PB_VALUE_UNKNOWN};
	if (names.kind == PB_VALUE_TEXT)
		pb_code_bind(s->c, name, &names, true);
}

static void words_until(pb_shell *s, pb_shell_command *cmd, uint8_t closer)
{
	pb_value word;
	for (size_t left = WORDS_MAX; left > 0 && pb_shell_blank(s) && !s->c->failed; left--) {
		if (s->b.data[s->at] == closer) {
			s->at++;
			return;
		}
		if (!pb_shell_word(s, &word, cmd->in.names))
			s->at++;
	}
}

static void assignment(pb_shell *s, pb_shell_command *cmd, size_t value_at)
{
	pb_bytes name = pb_slice(s->b, s->at, value_at - 1 - s->at);
	pb_value word = {.kind = PB_VALUE_TEXT, .text = (const uint8_t *)""};
	size_t at = s->at;

	s->at = value_at;
	if (pb_shell_byte(s, 0) == '(') {
		s->at++;
		words_until(s, cmd, ')');
		bind(s, name, NULL);
		return;
	}
	char from[PB_SHELL_NAMES] = "";
	(void)pb_shell_word(s, &word, from);
	if (word.kind == PB_VALUE_TEXT && word.number && from[0])
		bind_source(s, name, from);
	else
		bind(s, name, &word);
	if (!s->binding && !s->rc && word.kind == PB_VALUE_TEXT && !word.number)
		s->rc = pb_code_string_add(s->c, s->f, &word, s->outer == SIZE_MAX ? at : s->outer);
}

/* for x in a b, select x, case x in, [[ ... ]], (( ... )), function f. True: something of the kind stood here. */
static bool compound(pb_shell *s, pb_shell_command *cmd)
{
	static const char *const plain[] = {"if",    "then",  "else", "elif", "fi", "do",   "done",
	                                    "while", "until", "!",    "{",    "}",  "time", "esac"};
	pb_value word;

	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
		if (plain[i][0] != (char)s->b.data[s->at] || !keyword(s, plain[i]))
			continue;
		s->at += strlen(plain[i]);
		s->cases -= plain[i][0] == 'e' && plain[i][1] == 's' && s->cases > 0;
		return true;
	}
	if (keyword(s, "for") || keyword(s, "select")) {
		s->at += s->b.data[s->at] == 'f' ? 3 : 6;
		if (!pb_shell_blank(s))
			return true;
		size_t from = s->at;
		if (pb_shell_word(s, &word, NULL))
			bind(s, pb_slice(s->b, from, s->at - from), NULL);
		while (pb_shell_blank(s) && pb_shell_word(s, &word, cmd->in.names))
			;
		return true;
	}
	if (keyword(s, "case")) {
		s->at += 4;
		(void)pb_shell_blank(s);
		(void)pb_shell_word(s, &word, cmd->in.names);
		while (pb_shell_blank(s) && s->b.data[s->at] == '\n')
			newline(s);
		if (s->at < s->b.size && keyword(s, "in"))
			s->at += 2;
		s->cases++;
		s->pattern = true;
		return true;
	}
	if (keyword(s, "function")) {
		s->at += 8;
		(void)pb_shell_blank(s);
		(void)pb_shell_word(s, &word, NULL);
		return true;
	}
	if (keyword(s, "[[") || (pb_shell_byte(s, 0) == '(' && pb_shell_byte(s, 1) == '(')) {
		const char *end = s->b.data[s->at] == '[' ? "]]" : "))";
		for (s->at += 2; pb_shell_blank(s) && s->b.data[s->at] != '\n' && !s->c->failed;) {
			if (s->b.data[s->at] == (uint8_t)end[0] && pb_shell_byte(s, 1) == (uint8_t)end[1]) {
				s->at += 2;
				break;
			}
			if (!pb_shell_word(s, &word, cmd->in.names))
				s->at++;
		}
		return true;
	}
	return false;
}

/* ( ... ) of a list of its own. */
static void group(pb_shell *s, pb_shell_command *cmd)
{
	s->at++;
	if (s->depth >= PB_SHELL_DEPTH) {
		s->c->cut = true;
		return;
	}
	cmd->grouped = true;
	pb_shell_list(s, ')', &cmd->inner);
}

static void add_word(pb_shell *s, pb_shell_command *cmd)
{
	pb_value word = {.kind = PB_VALUE_UNKNOWN};
	size_t from = s->at;

	if (!pb_shell_word(s, &word, cmd->in.names)) {
		s->at++;
		return;
	}
	/* 2>file: the number belongs to the sign. */
	if (pb_shell_is_number(pb_slice(s->b, from, s->at - from)) && s->at < s->b.size &&
	    (s->b.data[s->at] == '<' || s->b.data[s->at] == '>'))
		return;
	if (cmd->n == 0)
		cmd->at = from;
	size_t sign = s->at;
	s->at = from;
	size_t value_at = cmd->n > 0 && s->binding ? assigned(s) : 0;
	s->at = sign;
	if (value_at && word.kind == PB_VALUE_TEXT && word.n >= value_at - from &&
	    (pb_shell_is(&cmd->args[0], "export") || pb_shell_is(&cmd->args[0], "local") ||
	     pb_shell_is(&cmd->args[0], "readonly") || pb_shell_is(&cmd->args[0], "declare"))) {
		pb_value v = word;
		v.text += value_at - from;
		v.n -= value_at - from;
		bind(s, pb_slice(s->b, from, value_at - 1 - from), &v);
	}
	if (cmd->n < PB_SHELL_ARGS)
		cmd->args[cmd->n++] = word;
}

/* Up to the operator that ends it. */
static void read_command(pb_shell *s, pb_shell_command *cmd)
{
	while (pb_shell_blank(s) && !s->c->failed && !s->rc) {
		uint8_t b = s->b.data[s->at];
		size_t value_at;
		if (b == '#') {
			const uint8_t *end = memchr(s->b.data + s->at, '\n', s->b.size - s->at);
			s->at = end ? (size_t)(end - s->b.data) : s->b.size;
		} else if (b == '\n' || b == ';' || b == '|' || b == ')' || (b == '`' && s->closer == '`') || s->pattern) {
			return;
		} else if (b == '<' || b == '>' || b == '&') {
			if (!pb_shell_redirection(s, cmd))
				return;
		} else if (cmd->n == 0 && compound(s, cmd)) {
			continue;
		} else if (b == '(' && cmd->n == 0 && !cmd->grouped) {
			group(s, cmd);
		} else if (b == '(') {
			s->at++;
			if (pb_shell_blank(s) && s->b.data[s->at] == ')') {
				s->at++;
				cmd->n = 0; /* name() { */
			}
		} else if (cmd->n == 0 && (value_at = assigned(s)) != 0) {
			assignment(s, cmd, value_at);
		} else {
			add_word(s, cmd);
		}
	}
}

/* A command, and what comes out of it; in: what a pipe brings. */
static void command(pb_shell *s, const pb_shell_stage *in, pb_shell_stage *out)
{
	pb_shell_command cmd = {.at = s->at, .in = *in};
	char name[PB_CODE_NAME];

	read_command(s, &cmd);
	*out = cmd.inner;
	if (cmd.n == 0) {
		if (in->names[0] && !cmd.grouped)
			*out = *in;
		return;
	}
	if (!s->binding && !s->rc && !s->c->failed)
		pb_shell_tell(s, &cmd);
	memcpy(out->names, in->names, sizeof out->names);
	pb_shell_join(out->names, pb_shell_name(&cmd.args[0], name), '|');
	out->output = pb_shell_output(s, &cmd);
}

/* a|b) of a case. */
static void pattern(pb_shell *s)
{
	pb_shell_command none = {.at = s->at};

	while (pb_shell_blank(s) && (s->b.data[s->at] == '\n' || s->b.data[s->at] == '#')) {
		if (s->b.data[s->at] == '\n') {
			newline(s);
		} else {
			const uint8_t *end = memchr(s->b.data + s->at, '\n', s->b.size - s->at);
			s->at = end ? (size_t)(end - s->b.data) : s->b.size;
		}
	}
	s->pattern = false;
	if (s->at < s->b.size && !keyword(s, "esac")) {
		s->at += s->b.data[s->at] == '(';
		words_until(s, &none, ')');
	}
}

static bool at_end(pb_shell *s)
{
	return s->at >= s->b.size || s->c->failed || s->rc || (s->closer && s->b.data[s->at] == s->closer && s->cases == 0);
}

static void pipeline(pb_shell *s, pb_shell_stage *last)
{
	pb_shell_stage in = {.names = ""};
	for (;;) {
		command(s, &in, last);
		if (pb_shell_byte(s, 0) != '|' || pb_shell_byte(s, 1) == '|')
			return;
		s->at += pb_shell_byte(s, 1) == '&' ? 2 : 1;
		while (pb_shell_blank(s) && s->b.data[s->at] == '\n')
			newline(s);
		in = *last;
		*last = (pb_shell_stage){.names = ""};
	}
}

void pb_shell_list(pb_shell *s, uint8_t closer, pb_shell_stage *out)
{
	uint8_t closer_before = s->closer;
	unsigned cases_before = s->cases;
	bool pattern_before = s->pattern;
	size_t pipelines = 0;

	s->depth++;
	s->closer = closer;
	s->cases = 0;
	s->pattern = false;
	while (pb_shell_blank(s) && !at_end(s)) {
		pb_code_mark mark = pb_code_mark_now(s->c);
		size_t before = s->at, bound = s->c->n_bindings;
		uint8_t b = s->b.data[s->at];

		if (s->pattern) {
			pattern(s);
		} else if (b == '\n') {
			newline(s);
		} else if (b == ';' || b == '&' || b == '|' || b == ')' || (b == '`' && s->closer == '`')) {
			s->pattern = b == ';' && pb_shell_byte(s, 1) != ' ' && s->cases > 0 &&
			             (pb_shell_byte(s, 1) == ';' || pb_shell_byte(s, 1) == '&');
			s->at += s->pattern ? 2 : 1;
		} else {
			pb_shell_stage last = {.names = ""};
			pipeline(s, &last);
			pb_shell_join(out->names, last.names, ';');
			out->output = pipelines++ == 0 ? last.output : (pb_value){.kind = PB_VALUE_UNKNOWN};
			if (s->at == before)
				s->at++; /* nothing begins with this */
		}
		if (s->depth == 1 && s->outer == SIZE_MAX && s->c->n_bindings == bound)
			pb_code_release(s->c, mark);
		if (s->depth == 1 && s->outer == SIZE_MAX)
			s->n_scratch = 0;
	}
	s->at += closer && s->at < s->b.size;
	s->closer = closer_before;
	s->cases = cases_before;
	s->pattern = pattern_before;
	s->depth--;
}

void pb_shell_text(pb_shell *s, const pb_value *text, size_t at, pb_shell_stage *out)
{
	if (s->depth + 1 >= PB_SHELL_DEPTH || text->n > s->c->steps) {
		s->c->cut = true;
		return;
	}
	s->c->steps -= text->n;
	pb_shell inner = {
	    .c = s->c, .f = s->f, .b = {text->text, text->n}, .outer = at, .binding = s->binding, .depth = s->depth + 1};
	pb_shell_list(&inner, 0, out);
	s->rc = inner.rc;
	pb_shell_end(&inner);
}

int pb_code_shell(pb_script *c, pb_code_fact *f)
{
	int rc = 0;
	for (int pass = 0; pass < 2 && !rc && !c->failed; pass++) {
		c->steps = c->b.size * 4 + (64 << 10); /* bytes of values that are put in, and of texts that are run inside */
		pb_shell s = {.c = c, .f = f, .b = c->b, .outer = SIZE_MAX, .binding = pass == 0};
		pb_shell_stage out = {.names = ""};
		pb_shell_list(&s, 0, &out);
		rc = s.rc;
		pb_shell_end(&s);
	}
	return c->failed ? PB_ENOMEM : rc;
}

int pb_code_command(pb_script *c, pb_code_fact *f, pb_bytes text)
{
	pb_shell s = {.c = c, .f = f, .b = text, .outer = 0};
	pb_shell_stage out = {.names = ""};

	c->steps = text.size * 4 + 4096;
	pb_shell_list(&s, 0, &out);
	pb_shell_end(&s);
	return c->failed ? PB_ENOMEM : s.rc;
}
