/* What an author reads below a sample that failed: what was expected, what was found, and how to look closer. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "checks/samples_say.h"

enum { FINDINGS_SHOWN = 5 };

const json_t *pb_samples_row(const json_t *result, const char *id)
{
	const json_t *row;
	size_t i;

	json_array_foreach (json_object_get(result, "checks"), i, row)
		if (strcmp(pb_json_str(row, "id", ""), id) == 0)
			return row;
	return NULL;
}

/* A comment of TAP. Text of products is in display form already; paths of the command line may hold anything. */
static void comment(const char *text)
{
	char *safe = pb_text_safe(text, 0);

	(void)printf("# %s\n", safe != NULL ? safe : "(out of memory)");
	free(safe);
}

static void say_path(const json_t *path, char *out, size_t room)
{
	const json_t *part;
	size_t i, n = 0;

	out[0] = '\0';
	json_array_foreach (path, i, part) {
		int more = snprintf(out + n, room - n, "%s%s", i > 0 ? " > " : "", json_string_value(part) ? json_string_value(part) : "?");

		n = more < 0 || (size_t)more >= room - n ? room - 1 : n + (size_t)more;
	}
}

/* found.reads "clip" in a.sh at 10, length 15: reads the clipboard */
static void say_finding(const json_t *f)
{
	const json_t *evidence = json_array_get(json_object_get(f, "evidence"), 0);
	int64_t at = pb_json_int(evidence, "offset", -1);
	char path[400], place[80] = "", line[1500];

	say_path(json_object_get(evidence, "path"), path, sizeof path);
	if (at >= 0)
		(void)snprintf(place, sizeof place, " at %lld, length %lld", (long long)at, (long long)pb_json_int(evidence, "length", 0));
	(void)snprintf(line, sizeof line, "  found.%s, key \"%s\", in %s%s: %s", pb_json_str(f, "finding", "?"), pb_json_str(f, "key", ""),
	               path, place, pb_json_str(f, "says", ""));
	comment(line);
}

static bool any_finding(const json_t *result, const char *id)
{
	const json_t *f;
	size_t i;

	json_array_foreach (json_object_get(result, "findings"), i, f)
		if (strcmp(pb_json_str(f, "check", ""), id) == 0)
			return true;
	return false;
}

static void say_findings(const json_t *result, const char *id)
{
	const json_t *f;
	size_t i, shown = 0, n = 0;

	json_array_foreach (json_object_get(result, "findings"), i, f) {
		if (strcmp(pb_json_str(f, "check", ""), id) != 0)
			continue;
		n++;
		if (shown < FINDINGS_SHOWN) {
			shown++;
			say_finding(f);
		}
	}
	if (n > shown)
		(void)printf("#   and %zu more\n", n - shown);
}

/* Why a check that should have found something did not, as far as its row tells. */
static const char *why_not(const json_t *row)
{
	const char *status = pb_json_str(row, "status", ""), *reason = pb_json_str(row, "reason", "");

	if (row == NULL)
		return "the check was not run";
	if (strcmp(status, "n/a") == 0)
		return "the check looked at nothing: no object of the sample has a kind, class or tag that `applies` names (5 bytes "
		       "or fewer are no object)";
	if (*reason != '\0')
		return reason;
	if (strcmp(status, "pass") == 0)
		return "the check looked, and raised nothing: the patterns of `looks` did not match, or its function called no found.NAME";
	return status;
}

/* What each limit is about; "limit NAME" alone tells nobody what to change. */
static const char *about_limit(const char *why)
{
	static const char *const limits[][2] = {
	    {"limit instructions", "what one call may take (50 million unless `limits` says less): a loop without an end, or work for each byte "
	                           "that a pattern of `looks` could do"},
	    {"limit memory", "256 MiB of Lua: keep places (numbers), not bytes"},
	    {"limit pattern", "50 million steps of string.find and the like: anchor the pattern, or let `looks` find it"},
	    {"limit subject", "string.find and the like take 64 KiB: cut the piece out first (object:line, object:bytes)"},
	    {"limit findings", "10,000 findings in one call: the key shall name the thing, not each place"},
	    {"limit notes", "a note has 16 KiB and an object 64 notes: note what the product function needs, not all that there is"},
	    {"limit state", "the function keeps something for the next call (a local outside of it is changed): results may depend on the object "
	                    "alone"},
	};

	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
		if (strstr(why, limits[i][0]) != NULL)
			return limits[i][1];
	return NULL;
}

/* A word of a command, as a shell takes it. */
static void put_word(char *out, size_t room, const char *word)
{
	size_t n = strlen(out);
	bool plain = *word != '\0' && strchr(word, '\'') == NULL;

	for (const char *p = word; *p != '\0' && plain; p++)
		plain = isalnum((unsigned char)*p) || strchr("/._-+,:@%", *p) != NULL || (unsigned char)*p >= 0x80;
	(void)snprintf(out + n, room - n, plain ? " %s" : " '%s'", word);
}

static void say_closer(const json_t *check, const char *path)
{
	const char *file = pb_json_str(check, "file", ""), *slash = strrchr(file, '/');
	char line[1500] = "look closer: probity check explain", folder[600];

	if (*pb_json_str(json_object_get(check, "samples"), "dir", "") != '\0') { /* it is not among our own */
		(void)snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - file) : 1, slash != NULL ? file : ".");
		put_word(line, sizeof line, "--rules");
		put_word(line, sizeof line, folder);
	}
	put_word(line, sizeof line, pb_json_str(check, "id", ""));
	put_word(line, sizeof line, path);
	comment(line);
}

void pb_samples_say(const json_t *check, const char *path, const json_t *result, bool hit, const char *wrong)
{
	const char *id = pb_json_str(check, "id", "");
	char line[1500];

	(void)snprintf(line, sizeof line, "%s: %s", pb_json_str(check, "file", ""), wrong);
	comment(line);
	if (about_limit(wrong) != NULL) {
		(void)snprintf(line, sizeof line, "  %s", about_limit(wrong));
		comment(line);
	}
	if (result == NULL)
		return;
	if (hit && !any_finding(result, id)) {
		(void)snprintf(line, sizeof line, "  %s", why_not(pb_samples_row(result, id)));
		if (strcmp(why_not(pb_samples_row(result, id)), wrong) != 0)
			comment(line);
	}
	say_findings(result, id);
	say_closer(check, path);
}
