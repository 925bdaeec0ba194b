/* Commands of a shell: what comes out of those that only print or decode, which of them are told, and texts that they run. */
#include "facts/code_shell.h"

static const pb_value unknown;

static bool constant(const pb_value *v)
{
	return v->kind == PB_VALUE_TEXT && !v->number;
}

static bool one_of(const char *name, const char *names)
{
	size_t n = strlen(name);
	for (const char *p = names; *p; p += strcspn(p, " "), p += *p == ' ')
		if (strcspn(p, " ") == n && memcmp(p, name, n) == 0)
			return true;
	return false;
}

const char *pb_shell_name(const pb_value *word, char name[PB_CODE_NAME])
{
	static const char *const folders[] = {"/bin/", "/usr/bin/", "/usr/local/bin/", "/sbin/", "/usr/sbin/"};
	pb_value w = *word;

	for (size_t i = 0; w.kind == PB_VALUE_TEXT && i < sizeof folders / sizeof folders[0]; i++) {
		size_t n = strlen(folders[i]);
		if (w.n > n && memcmp(w.text, folders[i], n) == 0) {
			w.text += n;
			w.n -= n;
			break;
		}
	}
	if (w.kind != PB_VALUE_TEXT || w.n == 0 || memchr(w.text, 0, w.n))
		return memcpy(name, "?", 2);
	size_t n = w.n < PB_CODE_NAME ? w.n : PB_CODE_NAME - 1;
	memcpy(name, w.text, n);
	name[n] = '\0';
	return name;
}

/* Programs that only start what is named behind them. */
static void unwrap(pb_shell_command *cmd)
{
	char name[PB_CODE_NAME];
	for (size_t left = 4; left > 0 && cmd->n > 1; left--) {
		pb_shell_name(&cmd->args[0], name);
		if (!one_of(name,
		            "sudo env nohup command exec builtin setsid nice ionice stdbuf busybox doas eatmydata timeout "
		            "chronic xargs fakeroot"))
			return;
		size_t k = 1;
		while (k < cmd->n - 1 && cmd->args[k].kind == PB_VALUE_TEXT &&
		       (cmd->args[k].n == 0 || cmd->args[k].text[0] == '-' || memchr(cmd->args[k].text, '=', cmd->args[k].n) ||
		        (cmd->args[k].text[0] >= '0' && cmd->args[k].text[0] <= '9')))
			k++;
		if (cmd->args[k].kind == PB_VALUE_TEXT && cmd->args[k].n > 0 && cmd->args[k].text[0] == '-')
			return; /* nothing is started */
		cmd->n -= k;
		memmove(cmd->args, cmd->args + k, cmd->n * sizeof cmd->args[0]);
	}
}

static bool has_option(const pb_shell_command *cmd, const char *options)
{
	for (size_t i = 1; i < cmd->n; i++) {
		char word[32];
		if (cmd->args[i].kind != PB_VALUE_TEXT || cmd->args[i].n >= sizeof word || cmd->args[i].n == 0)
			continue;
		memcpy(word, cmd->args[i].text, cmd->args[i].n);
		word[cmd->args[i].n] = '\0';
		if (one_of(word, options))
			return true;
	}
	return false;
}

/* \x41 and the like in a text that echo -e or printf prints. */
static pb_value unescaped(pb_shell *s, pb_value v)
{
	if (!constant(&v) || !memchr(v.text, '\\', v.n) || v.n > PB_CODE_TEXT / 4)
		return v;
	uint8_t *quoted = pb_code_alloc(s->c, v.n + 4);
	if (!quoted)
		return unknown;
	quoted[0] = '$';
	quoted[1] = '\'';
	for (size_t i = 0; i < v.n; i++)
		quoted[i + 2] = v.text[i] == '\'' ? '"' : v.text[i];
	quoted[v.n + 2] = '\'';
	pb_shell inner = {.c = s->c, .f = s->f, .b = {quoted, v.n + 3}, .outer = 0, .binding = true};
	pb_value out = unknown;
	(void)pb_shell_word(&inner, &out, NULL);
	pb_shell_end(&inner);
	return out;
}

/* The words from the first that is no option, with blanks between them. */
static pb_value printed(pb_shell *s, const pb_shell_command *cmd, size_t from)
{
	pb_value blank = {.kind = PB_VALUE_TEXT, .text = (const uint8_t *)" ", .n = 1};
	pb_value out = {.kind = PB_VALUE_TEXT, .text = (const uint8_t *)""};

	if (cmd->n == PB_SHELL_ARGS)
		return unknown; /* there may be more */
	for (size_t i = from; i < cmd->n; i++) {
		if (!constant(&cmd->args[i]))
			return unknown;
		if (i > from)
			out = pb_decode_concat(s->c, out, blank);
		out = i > from ? pb_decode_concat(s->c, out, cmd->args[i]) : cmd->args[i];
	}
	return out;
}

static pb_value of_printf(pb_shell *s, const pb_shell_command *cmd)
{
	if (cmd->n < 2 || !constant(&cmd->args[1]))
		return unknown;
	const pb_value *format = &cmd->args[1];
	if (!memchr(format->text, '%', format->n))
		return unescaped(s, *format);
	bool plain = pb_shell_is(format, "%s") || pb_shell_is(format, "%b") || pb_shell_is(format, "%s\\n");
	return plain && cmd->n == 3 ? (pb_shell_is(format, "%b") ? unescaped(s, cmd->args[2]) : cmd->args[2]) : unknown;
}

pb_value pb_shell_output(pb_shell *s, const pb_shell_command *given)
{
	pb_shell_command copy = *given, *cmd = &copy;
	char name[PB_CODE_NAME];
	pb_value in = cmd->in.output;

	unwrap(cmd);
	pb_shell_name(&cmd->args[0], name);
	if (strcmp(name, "echo") == 0) {
		size_t from = 1;
		while (from < cmd->n && cmd->args[from].n == 2 && cmd->args[from].text[0] == '-' &&
		       strchr("neE", cmd->args[from].text[1]))
			from++;
		return unescaped(s, printed(s, cmd, from));
	}
	if (strcmp(name, "printf") == 0)
		return of_printf(s, cmd);
	if (!constant(&in))
		return unknown;
	if (strcmp(name, "base64") == 0)
		return has_option(cmd, "-d -D --decode -di -id") ? pb_decode_base64(s->c, in) : unknown;
	if (strcmp(name, "openssl") == 0)
		return has_option(cmd, "base64 -base64 -a") && has_option(cmd, "-d") ? pb_decode_base64(s->c, in) : unknown;
	if (strcmp(name, "xxd") == 0)
		return has_option(cmd, "-p -r -rp -pr -ps") ? pb_decode_hex(s->c, in) : unknown;
	if (strcmp(name, "rev") == 0)
		return pb_decode_reverse(s->c, in);
	if (strcmp(name, "tr") == 0)
		return has_option(cmd, "A-Za-z a-zA-Z") && has_option(cmd, "N-ZA-Mn-za-m n-za-mN-ZA-M")
		           ? pb_decode_rot13(s->c, in)
		           : unknown;
	return strcmp(name, "cat") == 0 && cmd->n == 1 ? in : unknown;
}

#define SHELLS       "sh bash dash zsh ksh ash fish"
#define INTERPRETERS SHELLS " eval source . python python2 python3 perl ruby php node nodejs bun deno lua osascript"

/* A text that a shell is given to run: eval TEXT, sh -c TEXT, TEXT | sh. */
static void run_inside(pb_shell *s, const pb_shell_command *cmd, const char *name, size_t at)
{
	pb_shell_stage out = {.names = ""};
	pb_value text = unknown;

	if (strcmp(name, "eval") == 0)
		text = printed(s, cmd, 1);
	else if (one_of(name, SHELLS " su"))
		for (size_t i = 1; i + 1 < cmd->n; i++)
			if (cmd->args[i].n >= 2 && cmd->args[i].text[0] == '-' && cmd->args[i].text[cmd->args[i].n - 1] == 'c')
				text = cmd->args[i + 1];
	if (one_of(name, SHELLS) && text.kind == PB_VALUE_UNKNOWN)
		text = cmd->in.output;
	bool walked = text.number && text.n > 0 && (text.text[0] == '$' || text.text[0] == '`'); /* where it stands */
	if (text.kind == PB_VALUE_TEXT && text.n > 0 && !walked)
		pb_shell_text(s, &text, at, &out);
}

/* Does a word name a place of the system, a host or a URL? */
static bool has_place(const pb_shell_command *cmd)
{
	for (size_t i = 1; i < cmd->n; i++) {
		const char *what = pb_code_interest(&cmd->args[i]);
		if (what && strcmp(what, "command") != 0)
			return true;
	}
	return false;
}

/* Does one of "a|b;c" reach outside, or decode? */
static bool notable(const char *names)
{
	char name[PB_SHELL_NAMES];
	for (const char *p = names; *p;) {
		size_t n = strcspn(p, "|;");
		memcpy(name, p, n);
		name[n] = '\0';
		if (pb_code_known(PB_SHELL, name).lists & PB_KNOWN_SPAWNS ||
		    one_of(name, "env printenv export set tr xz gunzip gzip"))
			return true;
		p += n + (p[n] != '\0');
	}
	return false;
}

/* Is it told, and if so only while there is room? */
static bool is_told(pb_shell *s, const pb_shell_command *cmd, const char *name, pb_known known, bool *weak)
{
	const char *to = cmd->to.kind == PB_VALUE_TEXT ? pb_code_interest(&cmd->to) : NULL;
	bool runs = one_of(name, INTERPRETERS) && (cmd->in.names[0] || cmd->in.output.kind == PB_VALUE_TEXT);
	bool decoded = cmd->in.output.decoded;

	for (size_t i = 0; i < cmd->n; i++)
		decoded |= cmd->args[i].decoded && i > 0;
	*weak = !(runs && (decoded || notable(cmd->in.names))) && !(known.lists & PB_KNOWN_SPAWNS) && !to;
	s->f->fetched |= one_of(name, "curl wget fetch aria2c base64");
	if (known.lists & PB_KNOWN_SPAWNS)
		return true;
	if (s->f->fetched && (name[0] == '.' || name[0] == '$' || name[0] == '~') && strchr(name, '/'))
		return true;
	if (strcmp(name, "exec") == 0 && cmd->n == 1)
		return to != NULL;
	if (known.lists & PB_KNOWN_TOLD)
		return to || has_place(cmd) || cmd->in.names[0] || one_of(name, "chmod history unset");
	/* What is not known is told where it writes to a place of the system, is itself computed, or lies where anyone may
	 * write. */
	return runs || decoded || to || (cmd->reads.kind == PB_VALUE_TEXT && pb_code_interest(&cmd->reads)) ||
	       (name[0] == '$' && cmd->in.names[0]) || name[0] == '`' || strncmp(name, "/tmp/", 5) == 0 ||
	       strncmp(name, "/var/tmp/", 9) == 0 || strncmp(name, "/dev/shm/", 9) == 0;
}

static void tell_place(pb_shell *s, const pb_value *v, size_t at)
{
	if (v->kind == PB_VALUE_TEXT && !s->rc)
		s->rc = pb_code_string_add(s->c, s->f, v, at);
}

void pb_shell_tell(pb_shell *s, pb_shell_command *cmd)
{
	char name[PB_CODE_NAME];
	size_t at = s->outer == SIZE_MAX ? cmd->at : s->outer;
	bool weak;

	unwrap(cmd);
	pb_shell_name(&cmd->args[0], name);
	pb_known known = pb_code_known(PB_SHELL, name);
	if (one_of(name, INTERPRETERS) &&
	    (cmd->in.output.decoded || strstr(cmd->in.names, "base64") || strstr(cmd->in.names, "xxd")))
		s->f->decode_eval++;
	if (is_told(s, cmd, name, known, &weak)) {
		pb_code_origin o = {cmd->in.names, &cmd->to, &cmd->reads, &cmd->in.output, weak};
		s->rc = pb_code_call_add(s->c, s->f, name, cmd->args + 1, cmd->n - 1, at, &o);
	}
	for (size_t i = 1; i < cmd->n; i++)
		tell_place(s, &cmd->args[i], at);
	tell_place(s, &cmd->to, at);
	if (!s->rc && !s->c->failed)
		run_inside(s, cmd, name, at);
}
