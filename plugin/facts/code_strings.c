/* Which texts are told? Those that name a place outside of the file: an address, a host, a path of the system or of a person's
 * secrets, a command line. A URL that stands in the file as it is is in `urls` already; here are those that had to be made. */
#include <arpa/inet.h>
#include <string.h>

#include "facts/code.h"
#include "facts/host.h"

enum { INTEREST_MAX = 4096, STRINGS_MAX = 100, SHOWN_MAX = 300 };

static bool starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static bool is_url(const char *s)
{
	static const char *const schemes[] = {"http://", "https://", "ws://", "wss://", "ftp://"};
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
		if (starts(s, schemes[i]))
			return s[strlen(schemes[i])] > ' ';
	return false;
}

/* Four numbers that are no version: not those of this machine, none of no network. */
static bool is_address(const char *s)
{
	struct in_addr a;
	char host[16];
	size_t n = strcspn(s, ":/");

	if (n < 7 || n >= sizeof host)
		return false;
	memcpy(host, s, n);
	host[n] = '\0';
	return inet_pton(AF_INET, host, &a) == 1 && host[0] != '0' && !starts(host, "127.") && !starts(host, "255.");
}

/* Domains that are also endings of files: a lone "x.py" is a file. */
static bool ends_like_a_file(const char *s)
{
	static const char endings[] =
	    " js ts py sh rb pl php ps md rs so zip mov cc cpp java json html css txt map lock name app com.js in id ";
	const char *dot = strrchr(s, '.');
	size_t n = dot ? strlen(dot + 1) : 0;
	for (const char *p = n ? strstr(endings, dot + 1) : NULL; p; p = strstr(p + 1, dot + 1))
		if (p[-1] == ' ' && p[n] == ' ')
			return true;
	return false;
}

static bool is_host(const char *s)
{
	const char *domain;
	size_t n = strlen(s);
	if (n < 5 || n >= PB_HOST_MAX || !strchr(s, '.') || strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789.-") != n ||
	    ends_like_a_file(s))
		return false;
	return pb_host_valid(s, &domain) && domain != NULL && strcspn(domain, ".") > 2;
}

/* A folder of the system, of a person, or one that begins with a dot somewhere. */
static bool is_path(const char *s)
{
	static const char *const tops[] = {
	    "/etc/",     "/proc/",  "/dev/",    "/tmp/",   "/root/",    "/home/",  "/var/",
	    "/usr/",     "/bin/",   "/opt/",    "/sys/",   "/Library/", "/Users/", "/System/",
	    "/private/", "~/",      "$HOME/",   "%",       ".ssh",      ".aws",    ".config/",
	    ".npmrc",    ".pypirc", ".netrc",   ".gnupg",  ".kube",     ".docker", ".git-credentials",
	    ".bash",     ".zsh",    ".profile", ".mozilla"};
	size_t n = strlen(s);

	if (n < 4 || n > 400 || strpbrk(s, "\n<>|\"") || strstr(s, "://"))
		return false;
	if (s[0] == '/' && s[1] == '.') /* what is put behind a home */
		s++;
	for (size_t i = 0; i < sizeof tops / sizeof tops[0]; i++) {
		if (!starts(s, tops[i]))
			continue;
		if (tops[i][0] != '%')
			return true;
		const char *end = strchr(s + 1, '%'); /* %APPDATA%\x */
		return end && end > s + 2 && strspn(s + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_()x86") == (size_t)(end - s - 1);
	}
	if (((s[0] >= 'A' && s[0] <= 'Z') || (s[0] >= 'a' && s[0] <= 'z')) && s[1] == ':' && s[2] == '\\' && s[3] != '\\')
		return true;
	return starts(s, "HKEY_") || starts(s, "HKLM\\") || starts(s, "HKCU\\") || strstr(s, "Software\\Microsoft\\") != NULL;
}

/* A program's name, and then something that it is told. */
static bool is_command(const char *s)
{
	static const char programs[] =
	    " sh bash zsh cmd cmd.exe powershell powershell.exe pwsh curl wget python python3 node npm npx pip pip3 "
	    "perl ruby php nc ncat socat chmod chown rm cp mv crontab systemctl launchctl reg schtasks sudo su ssh scp "
	    "taskkill wmic certutil bitsadmin mshta rundll32 regsvr32 osascript base64 openssl tar unzip nohup "
	    "kill pkill xattr whoami hostname uname ifconfig ipconfig netsh cat echo eval start ";
	size_t n = strcspn(s, " \t");
	const char *slash = NULL;

	if (s[n] == '\0' || n == 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (s[i] == '/')
			slash = s + i;
	const char *word = slash ? slash + 1 : s;
	n -= (size_t)(word - s);
	const char *after = word + n + strspn(word + n, " \t");
	for (const char *p = programs + 1; *p; p += strcspn(p, " ") + 1)
		if (strcspn(p, " ") == n && memcmp(p, word, n) == 0)
			/* Prose begins with "start" and "echo", too: what is told is an option, a path, a variable or a URL. */
			return slash != NULL || strchr("-/$%\"'.>~", after[0]) != NULL || strstr(after, "://") ||
			       strchr(after, '|') || strstr(after, "&&") || strchr(after, '>') || strstr(after, " /") ||
			       strstr(after, " -");
	return strstr(s, "| sh") || strstr(s, "|sh") || strstr(s, "| bash") || strstr(s, "|bash");
}

const char *pb_code_interest(const pb_value *v)
{
	char s[INTEREST_MAX + 1];

	if (v->kind != PB_VALUE_TEXT || v->n < 4 || v->n > INTEREST_MAX || memchr(v->text, 0, v->n))
		return NULL;
	memcpy(s, v->text, v->n);
	s[v->n] = '\0';
	if (is_url(s))
		return v->made ? "url" : NULL;
	if (is_address(s))
		return "address";
	if (is_command(s))
		return "command";
	if (is_path(s))
		return "path";
	return is_host(s) ? "host" : NULL;
}

int pb_code_string_add(pb_script *c, pb_code_fact *f, const pb_value *v, uint64_t at)
{
	const char *what = pb_code_interest(v);
	json_t *shown, *entry;
	int rc;

	if (!what && v->decoded && v->n >= 8 && v->n <= INTEREST_MAX)
		what = "decoded"; /* somebody hid it */
	if (!what)
		return 0;
	shown = pb_json_display(v->text, v->n, SHOWN_MAX);
	if (!shown)
		return PB_ENOMEM;
	if (json_object_get(f->seen, json_string_value(shown)))
		return json_decref(shown), 0;
	if (json_array_size(f->strings) == STRINGS_MAX || f->room < json_string_length(shown)) {
		c->cut = true;
		return json_decref(shown), 0;
	}
	f->room -= json_string_length(shown);
	rc = json_object_set_new(f->seen, json_string_value(shown), json_true()) ? PB_ENOMEM : 0;
	entry = json_pack("{s:O, s:s, s:I}", "text", shown, "is", what, "at", (json_int_t)at);
	json_decref(shown);
	if (entry && v->made && json_object_set_new(entry, v->decoded ? "decoded" : "joined", json_true()))
		rc = PB_ENOMEM;
	return json_array_append_new(f->strings, entry) || rc ? PB_ENOMEM : 0;
}
