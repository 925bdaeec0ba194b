/* Which other files does a script name as its modules? Literal names only: require("./x"), import ... from "./x", import x. */
#include <string.h>

#include "facts/fields.h"

enum { IMPORTS_MAX = 500, NAME_MAX_BYTES = 256, WORDS_MAX = 100000 };

typedef struct found {
	json_t *list;
	json_t *seen;
} found;

static bool is_word(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || c == '.';
}

static int add(pb_look *look, found *f, pb_bytes name, uint64_t at)
{
	json_t *shown;
	int rc = 0;

	if (name.size == 0 || name.size > NAME_MAX_BYTES || pb_look_comment(look, at))
		return 0;
	if (json_array_size(f->list) == IMPORTS_MAX) {
		pb_look_cut(look, "imports");
		return 0;
	}
	shown = pb_json_display(name.data, name.size, 0);
	if (!shown)
		return PB_ENOMEM;
	if (!json_object_get(f->seen, json_string_value(shown)) &&
	    (json_array_append(f->list, shown) || json_object_set_new(f->seen, json_string_value(shown), json_true())))
		rc = PB_ENOMEM;
	json_decref(shown);
	return rc;
}

static size_t skip_blanks(pb_bytes b, size_t at)
{
	while (at < b.size && (b.data[at] == ' ' || b.data[at] == '\t'))
		at++;
	return at;
}

/* After the word at `at`: blanks, a bracket, and a text in quotes. Its name; empty where the name is computed. */
static pb_bytes quoted_name(pb_bytes b, size_t at, bool bracket)
{
	at = skip_blanks(b, at);
	if (at < b.size && b.data[at] == '(')
		at = skip_blanks(b, at + 1);
	else if (bracket)
		return (pb_bytes){NULL, 0};
	if (at >= b.size || (b.data[at] != '"' && b.data[at] != '\'' && b.data[at] != '`'))
		return (pb_bytes){NULL, 0};
	pb_bytes rest = pb_slice(b, at + 1, NAME_MAX_BYTES + 1);
	const uint8_t *end = rest.size ? memchr(rest.data, b.data[at], rest.size) : NULL;
	pb_bytes name = pb_slice(rest, 0, end ? (size_t)(end - rest.data) : 0);
	bool one_line = name.size && !memchr(name.data, '\n', name.size) && !memchr(name.data, '$', name.size);
	return one_line ? name : (pb_bytes){NULL, 0};
}

static int from_javascript(pb_look *look, found *f)
{
	static const struct {
		const char *word;
		bool bracket;
	} words[] = {{"require", true}, {"from", false}, {"import", false}};
	pb_bytes b = look->object->bytes;
	size_t left = WORDS_MAX;
	int rc = 0;

	for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
		size_t n = strlen(words[w].word), at = 0;
		const uint8_t *p;
		while (!rc && left > 0 && at < b.size && (p = memmem(b.data + at, b.size - at, words[w].word, n)) != NULL) {
			size_t from = (size_t)(p - b.data);
			at = from + n;
			left--;
			if (from == 0 || !is_word(b.data[from - 1]))
				rc = add(look, f, quoted_name(b, at, words[w].bracket), from);
		}
	}
	return rc;
}

/* "import a.b as c, d" */
static int add_names(pb_look *look, found *f, pb_bytes line, uint64_t at)
{
	int rc = 0;

	while (!rc && line.size > 0) {
		size_t n = 0;
		while (n < line.size && is_word(line.data[n]))
			n++;
		rc = add(look, f, pb_slice(line, 0, n), at);
		const uint8_t *comma = memchr(line.data, ',', line.size);
		line = comma ? pb_trim(pb_slice(line, (size_t)(comma - line.data) + 1, line.size)) : (pb_bytes){NULL, 0};
	}
	return rc;
}

static bool starts(pb_bytes line, const char *word)
{
	size_t n = strlen(word);
	return line.size > n && memcmp(line.data, word, n) == 0;
}

static int from_python(pb_look *look, found *f)
{
	pb_bytes rest = look->object->bytes, line;
	int rc = 0;

	while (!rc && pb_line_next(&rest, &line)) {
		line = pb_trim(line);
		uint64_t at = line.size ? (uint64_t)(line.data - look->object->bytes.data) : 0;
		if (starts(line, "import ")) {
			rc = add_names(look, f, pb_trim(pb_slice(line, 7, 1024)), at);
		} else if (starts(line, "from ")) {
			size_t n = 0;
			line = pb_trim(pb_slice(line, 5, line.size));
			while (n < line.size && is_word(line.data[n]))
				n++;
			/* In prose too a line may begin with "from": what follows the name tells. */
			if (starts(pb_trim(pb_slice(line, n, line.size)), "import"))
				rc = add(look, f, pb_slice(line, 0, n), at);
		}
	}
	return rc;
}

int pb_fact_imports(pb_look *look)
{
	const char *kind = look->object->kind->name;
	found f = {NULL, NULL};
	int rc = 0;

	if (strcmp(kind, "javascript") != 0 && strcmp(kind, "typescript") != 0 && strcmp(kind, "python") != 0)
		return 0;
	f.list = json_array();
	f.seen = json_object();
	if (!f.list || !f.seen)
		rc = PB_ENOMEM;
	else
		rc = strcmp(kind, "python") == 0 ? from_python(look, &f) : from_javascript(look, &f);
	if (!rc && json_array_size(f.list) > 0)
		rc = pb_look_set(look, "imports", json_incref(f.list));
	json_decref(f.list);
	json_decref(f.seen);
	return rc;
}
