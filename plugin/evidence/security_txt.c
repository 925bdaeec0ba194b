#include "evidence/security_txt.h"

#include <string.h>

#include "evidence/lines.h"
#include "evidence/openpgp.h"

/* Fields that are lists of content. */
static const struct {
	const char *field, *key;
} lists[] = {
    {"Contact", "contacts"},     {"Policy", "policies"},           {"Canonical", "canonical"},
    {"Encryption", "encryption"}, {"Acknowledgments", "acknowledgments"}, {"Hiring", "hiring"}, {"CSAF", "csaf"},
};

enum { LISTS = sizeof lists / sizeof lists[0] };

/* Within its first lines a Contact or Expires, and before them nothing but fields, comments and the head of a clear-signed text. */
bool pb_is_security_txt(const pb_reading *r)
{
	pb_bytes rest = pb_slice(r->text, 0, 8192), line, name, value;
	bool head = r->json == NULL && pb_openpgp_is_clear(r->text);

	while (r->json == NULL && pb_doc_line_next(&rest, &line)) {
		line = pb_doc_line_trim(line);
		if (head || line.size == 0 || line.data[0] == '#') {
			head = head && line.size > 0;
			continue;
		}
		if (!pb_doc_line_field(line, &name, &value))
			return false;
		if (pb_doc_line_is_word(name, "Contact") || pb_doc_line_is_word(name, "Expires"))
			return true;
		if (!pb_doc_line_is_word(name, "Preferred-Languages") && !pb_doc_line_is_word(name, "Policy") &&
		    !pb_doc_line_is_word(name, "Canonical") && !pb_doc_line_is_word(name, "Encryption") &&
		    !pb_doc_line_is_word(name, "Acknowledgments") && !pb_doc_line_is_word(name, "Hiring") && !pb_doc_line_is_word(name, "CSAF"))
			return false;
	}
	return false;
}

static void problem(pb_reading *r, const char *text)
{
	pb_doc_word(r, pb_doc_list(r, r->content, "problems"), text);
}

static bool is_uri(pb_bytes b)
{
	size_t n = 0;

	while (n < b.size && ((b.data[n] >= 'a' && b.data[n] <= 'z') || (b.data[n] >= 'A' && b.data[n] <= 'Z') || b.data[n] == '+'))
		n++;
	return n > 1 && n + 1 < b.size && b.data[n] == ':';
}

static void expires(pb_reading *r, pb_bytes value)
{
	char text[64], day[11];

	if (pb_json_str(r->record, "expires", "")[0] != '\0') {
		problem(r, "Expires stands twice");
		return;
	}
	if (value.size == 0 || value.size >= sizeof text) {
		pb_doc_refuse(r, "Expires: no date");
		return;
	}
	memcpy(text, value.data, value.size);
	text[value.size] = '\0';
	if (!pb_doc_day_of(text, day))
		pb_doc_refuse(r, "Expires: no date: %s", text);
	else
		pb_doc_dates(r, "", day);
	if (value.size == 10)
		problem(r, "Expires is a day without a time");
}

static void take(pb_reading *r, pb_bytes name, pb_bytes value)
{
	for (size_t i = 0; i < LISTS; i++) {
		if (!pb_doc_line_is_word(name, lists[i].field))
			continue;
		pb_doc_word_bytes(r, pb_doc_list(r, r->content, lists[i].key), value);
		if (!is_uri(value))
			problem(r, i == 0 ? "Contact is no URI (mailto:, tel: or https:)" : "a field that has to be a URI is none");
		else if (value.size > 5 && strncasecmp((const char *)value.data, "http:", 5) == 0)
			problem(r, "a URI of the web begins with https://");
		return;
	}
	if (pb_doc_line_is_word(name, "Expires"))
		expires(r, value);
	else if (pb_doc_line_is_word(name, "Preferred-Languages"))
		pb_doc_put_bytes(r, r->content, "languages", value);
}

static void take_lines(pb_reading *r, pb_bytes text)
{
	pb_bytes rest = text, line, name, value;
	size_t at = 0;

	while (r->rc == PB_OK && pb_doc_line_next(&rest, &line)) {
		at++;
		line = pb_doc_line_trim(line);
		if (line.size == 0 || line.data[0] == '#')
			continue;
		if (pb_doc_line_field(line, &name, &value))
			take(r, name, value);
		else
			pb_doc_refuse(r, "line %zu: \"Field: value\" is wanted", at);
	}
}

void pb_read_security_txt(pb_reading *r)
{
	const bool clear = pb_openpgp_is_clear(r->text);
	pb_buf text = {0};

	pb_doc_says(r, "security-txt", "rfc9116");
	for (size_t i = 0; i < LISTS; i++)
		(void)pb_doc_list(r, r->content, lists[i].key);
	(void)pb_doc_list(r, r->content, "problems");
	pb_doc_put(r, r->content, "languages", "");
	pb_doc_put_new(r, r->content, "signed", json_boolean(clear));
	if (clear && !pb_openpgp_cleartext(r->text, &text))
		pb_doc_refuse(r, "the clear-signed text is broken, or something stands outside of it");
	if (pb_doc_lines_are_text(r, r->text))
		take_lines(r, clear ? (pb_bytes){text.data, text.size} : r->text);
	if (r->rc == PB_OK && pb_json_str(r->record, "expires", "")[0] == '\0')
		problem(r, "no Expires");
	if (r->rc == PB_OK && json_array_size(json_object_get(r->content, "contacts")) == 0)
		problem(r, "no Contact");
	pb_buf_free(&text);
}
