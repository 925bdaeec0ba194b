/* Redirections of a shell: files, connections, texts behind << and <<<, commands in <( ). */
#include "facts/code_shell.h"

enum { LOST_MAX = 4 };

/* The text behind << at s->at (past the operator), and its word. Unknown where it has no end. */
static pb_value body(pb_shell *s)
{
	bool tabs = pb_shell_byte(s, 0) == '-';
	size_t line, from, at;

	s->at += tabs;
	(void)pb_shell_blank(s);
	size_t word_at = s->at;
	pb_value word = {.kind = PB_VALUE_UNKNOWN};
	if (!pb_shell_word(s, &word, NULL) || word.kind != PB_VALUE_TEXT || word.n == 0 || s->lost >= LOST_MAX)
		return (pb_value){.kind = PB_VALUE_UNKNOWN};
	bool plain = s->b.data[word_at] == '\'' || s->b.data[word_at] == '"' || s->b.data[word_at] == '\\';
	if (s->body_end > s->at) {
		from = s->body_end;
	} else {
		const uint8_t *end = memchr(s->b.data + s->at, '\n', s->b.size - s->at);
		if (!end)
			return (pb_value){.kind = PB_VALUE_UNKNOWN};
		line = (size_t)(end - s->b.data);
		from = line + 1;
		s->body_from = line;
		s->body_end = from;
	}
	for (at = from; at < s->b.size;) {
		const uint8_t *end = memchr(s->b.data + at, '\n', s->b.size - at);
		size_t next = end ? (size_t)(end - s->b.data) + 1 : s->b.size, first = at;
		while (tabs && first < next && s->b.data[first] == '\t')
			first++;
		size_t n = next - first - (end != NULL);
		n -= n > 0 && s->b.data[first + n - 1] == '\r';
		if (n == word.n && memcmp(s->b.data + first, word.text, n) == 0) {
			s->body_end = next;
			pb_value v = {.kind = PB_VALUE_TEXT, .text = s->b.data + from, .n = at - from};
			v.number = !plain && (memchr(v.text, '$', v.n) || memchr(v.text, '`', v.n));
			return v;
		}
		at = next;
	}
	s->lost++;
	return (pb_value){.kind = PB_VALUE_UNKNOWN};
}

/* <(...) and >(...): what lies in them is read, or written to. */
static void process(pb_shell *s, pb_shell_command *cmd)
{
	pb_shell_stage out = {.names = ""};
	s->at += 2;
	if (s->depth >= PB_SHELL_DEPTH) {
		s->c->cut = true;
		return;
	}
	pb_shell_list(s, ')', &out);
	pb_shell_join(cmd->in.names, out.names, ';');
}

bool pb_shell_is_number(pb_bytes b)
{
	for (size_t i = 0; i < b.size; i++)
		if (b.data[i] < '0' || b.data[i] > '9')
			return false;
	return b.size > 0 && b.size <= 3;
}

bool pb_shell_redirection(pb_shell *s, pb_shell_command *cmd)
{
	uint8_t b = pb_shell_byte(s, 0), next = pb_shell_byte(s, 1);
	pb_value word = {.kind = PB_VALUE_UNKNOWN};

	if (b == '&' && next != '>')
		return false;
	if ((b == '<' || b == '>') && next == '(')
		return process(s, cmd), true;
	if (b == '<' && next == '<' && pb_shell_byte(s, 2) != '<') {
		s->at += 2;
		word = body(s);
		if (word.kind == PB_VALUE_TEXT)
			cmd->in.output = word;
		return true;
	}
	bool text = b == '<' && next == '<', in = b == '<' && next != '>';
	s->at += text ? 3 : 1;
	while (!text && s->at < s->b.size && strchr(">&|<", s->b.data[s->at]) && s->b.data[s->at])
		s->at++;
	if (!pb_shell_blank(s) || !pb_shell_word(s, &word, cmd->in.names) || word.kind != PB_VALUE_TEXT)
		return true;
	bool number = pb_shell_is_number((pb_bytes){word.text, word.n}) || pb_shell_is(&word, "-");
	if (text)
		cmd->in.output = word;
	else if (in)
		cmd->reads = word;
	else if (!number && !pb_shell_is(&word, "/dev/null"))
		cmd->to = word;
	return true;
}
