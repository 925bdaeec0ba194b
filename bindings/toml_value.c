/* Scalars of TOML 1.0. Dates and times are checked and stay strings, as written. */
#include "bindings/toml.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MOST = 400 };

static bool put(pb_toml *t, const void *bytes, size_t n)
{
	return pb_buf_add(&t->string, bytes, n) == PB_OK || pb_document_no_memory(t->d) == 0;
}

/* \uXXXX and \UXXXXXXXX, at the first digit. */
static bool unicode(pb_toml *t, int digits)
{
	uint32_t c = 0;
	char out[4];

	for (int i = 0; i < digits; i++, t->at++) {
		int h = pb_toml_peek(t), lower = h | 32;

		if (h >= '0' && h <= '9')
			c = c << 4 | (uint32_t)(h - '0');
		else if (lower >= 'a' && lower <= 'f' && h > 0)
			c = c << 4 | (uint32_t)(lower - 'a' + 10);
		else
			return pb_toml_refuse(t, "an escape with too few hexadecimal digits");
	}
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return pb_toml_refuse(t, "an escape of no character");
	return put(t, out, pb_utf8_put(c, out));
}

/* At the character after the backslash. many: a line's end, and all blanks after it, may be escaped. */
static bool escape(pb_toml *t, bool many)
{
	static const char from[] = "btnfre\"\\", to[] = "\b\t\n\f\r\0\"\\";
	int c = pb_toml_peek(t);
	const char *hit = c > 0 && c != 'e' ? strchr(from, c) : NULL;

	if (hit != NULL) {
		t->at++;
		return put(t, &to[hit - from], 1);
	}
	if (c == 'u' || c == 'U') {
		t->at++;
		return unicode(t, c == 'u' ? 4 : 8);
	}
	pb_toml_blanks(t);
	if (!many || !pb_toml_end_line(t))
		return pb_toml_refuse(t, "an unknown escape");
	do {
		pb_toml_blanks(t);
	} while (pb_toml_end_line(t));
	return true;
}

/* How many quotes, at most `most`, lie at t->at? */
static size_t quotes(const pb_toml *t, uint8_t quote, size_t most)
{
	size_t n = 0;

	while (n < most && t->at + n < t->end && t->at[n] == quote)
		n++;
	return n;
}

/* Behind the opening quotes. long_: three of them, and lines may end. */
static bool body(pb_toml *t, uint8_t quote, bool long_)
{
	size_t n;

	for (;;) {
		int c = pb_toml_peek(t);
		const uint8_t *before = t->at;

		if (c == quote) {
			n = quotes(t, quote, long_ ? 5 : 1);
			t->at += n;
			if (!long_)
				return true;
			if (n >= 3) /* one or two more belong to the text */
				return put(t, before, n - 3);
			if (!put(t, before, n))
				return false;
			continue;
		}
		if (c == '\\' && quote == '"') {
			t->at++;
			if (!escape(t, long_))
				return false;
			continue;
		}
		if (long_ && pb_toml_end_line(t)) {
			if (!put(t, before, (size_t)(t->at - before)))
				return false;
			continue;
		}
		if (c < 0 || c == '\r' || c == '\n')
			return pb_toml_refuse(t, "a string without its closing quote");
		if (pb_toml_control(c))
			return pb_toml_refuse(t, "a control character in a string");
		n = 1;
		while (t->at + n < t->end && t->at[n] != quote && t->at[n] != '\\' && !pb_toml_control(t->at[n]))
			n++;
		if (!put(t, t->at, n))
			return false;
		t->at += n;
	}
}

bool pb_toml_string(pb_toml *t, bool many)
{
	uint8_t quote = *t->at;
	size_t n = quotes(t, quote, 3);

	t->string.size = 0;
	if (n == 2) { /* empty */
		t->at += 2;
		return true;
	}
	if (n == 3 && !many)
		return pb_toml_refuse(t, "a string of several lines as a key");
	t->at += n;
	if (n == 3)
		(void)pb_toml_end_line(t);
	return body(t, quote, n == 3);
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* n digits as a number in [lo, hi]; moves *p. */
static bool field(const char **p, int n, int lo, int hi, int *out)
{
	*out = 0;
	for (int i = 0; i < n; i++, (*p)++) {
		if (!digit(**p))
			return false;
		*out = *out * 10 + (**p - '0');
	}
	return *out >= lo && *out <= hi;
}

static bool is_date(const char **p)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day;
	bool leap;

	if (!field(p, 4, 0, 9999, &year) || *(*p)++ != '-' || !field(p, 2, 1, 12, &month) || *(*p)++ != '-' ||
	    !field(p, 2, 1, 31, &day))
		return false;
	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return day <= days[month - 1] + (month == 2 && leap);
}

static bool is_time(const char **p)
{
	int n;

	if (!field(p, 2, 0, 23, &n) || *(*p)++ != ':' || !field(p, 2, 0, 59, &n) || *(*p)++ != ':' || !field(p, 2, 0, 60, &n))
		return false;
	if (**p != '.')
		return true;
	n = (int)strspn(*p + 1, "0123456789");
	*p += 1 + n;
	return n > 0;
}

static bool is_zone(const char **p)
{
	int n;

	if (**p == 'Z' || **p == 'z')
		return (*p)++, true;
	if (**p != '+' && **p != '-')
		return false;
	(*p)++;
	return field(p, 2, 0, 23, &n) && *(*p)++ == ':' && field(p, 2, 0, 59, &n);
}

/* A date, a time, or both with or without a zone. */
static bool is_moment(const char *s)
{
	const char *p = s;

	if (is_time(&p) && *p == '\0')
		return true;
	p = s;
	if (!is_date(&p))
		return false;
	if (*p == '\0')
		return true;
	if (*p != 'T' && *p != 't' && *p != ' ')
		return false;
	p++;
	return is_time(&p) && (*p == '\0' || (is_zone(&p) && *p == '\0'));
}

/* Digits of the base with single '_' between them -> without; NULL where they are none. Moves in place from *s to *out. */
static const char *digits(const char *s, const char *set, char **out)
{
	bool before = false;

	for (;; s++) {
		bool now = *s != '\0' && strchr(set, *s) != NULL;

		if (!now && !(*s == '_' && before && s[1] != '\0' && strchr(set, s[1]) != NULL))
			return before ? s : NULL;
		if (now)
			*(*out)++ = *s;
		before = now;
	}
}

static bool add_integer(pb_toml *t, pb_node *parent, bool keyed, const char *digits_, int base, bool minus)
{
	uint64_t value = 0;
	pb_node *n;

	for (; *digits_ != '\0'; digits_++) {
		unsigned d = *digits_ <= '9' ? (unsigned)(*digits_ - '0') : ((unsigned)*digits_ | 32) - 'a' + 10;

		if (__builtin_mul_overflow(value, (unsigned)base, &value) || __builtin_add_overflow(value, d, &value))
			return pb_toml_refuse(t, "an integer beyond 64 bits");
	}
	if (value > (uint64_t)INT64_MAX + minus)
		return pb_toml_refuse(t, "an integer beyond 64 bits");
	n = pb_toml_add(t, parent, PB_NODE_INTEGER, keyed);
	if (n != NULL)
		n->as.integer = minus ? (int64_t)(0 - value) : (int64_t)value;
	return n != NULL;
}

static bool add_real(pb_toml *t, pb_node *parent, bool keyed, double value)
{
	pb_node *n = pb_toml_add(t, parent, PB_NODE_REAL, keyed);

	if (n != NULL)
		n->as.real = value;
	return n != NULL;
}

static bool add_number(pb_toml *t, pb_node *parent, bool keyed, const char *s)
{
	static const char decimal[] = "0123456789";
	static const struct {
		const char *prefix, *set;
		int base;
	} bases[] = {{"0x", "0123456789abcdefABCDEF", 16}, {"0o", "01234567", 8}, {"0b", "01", 2}};
	char plain[WORD_MOST + 1], *out = plain;
	const char *p = s;
	bool real = false;

	for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++) {
		if (strncmp(s, bases[i].prefix, 2) == 0) {
			p = digits(s + 2, bases[i].set, &out);
			*out = '\0';
			return p != NULL && *p == '\0' ? add_integer(t, parent, keyed, plain, bases[i].base, false)
			                               : pb_toml_refuse(t, "not a value");
		}
	}
	if (*p == '+' || *p == '-')
		*out++ = *p++;
	if (strcmp(p, "inf") == 0 || strcmp(p, "nan") == 0)
		return add_real(t, parent, keyed, *p == 'n' ? NAN : *s == '-' ? -INFINITY : INFINITY);
	if (*p == '0' && (digit(p[1]) || p[1] == '_'))
		return pb_toml_refuse(t, "a number that begins with 0");
	p = digits(p, decimal, &out);
	if (p != NULL && *p == '.') {
		*out++ = '.';
		real = true;
		p = digits(p + 1, decimal, &out);
	}
	if (p != NULL && (*p == 'e' || *p == 'E')) {
		*out++ = 'e';
		real = true;
		p++;
		if (*p == '+' || *p == '-')
			*out++ = *p++;
		p = digits(p, decimal, &out);
	}
	*out = '\0';
	if (p == NULL || *p != '\0')
		return pb_toml_refuse(t, "not a value: a string needs quotes");
	if (real)
		return add_real(t, parent, keyed, strtod(plain, NULL));
	return add_integer(t, parent, keyed, plain + (plain[0] == '+' || plain[0] == '-'), 10, plain[0] == '-');
}

/* The word at t->at, up to what ends a value. A date's one blank before its time belongs to it. */
static size_t word(const pb_toml *t)
{
	size_t n = 0, room = (size_t)(t->end - t->at);

	while (n < room && strchr(" \t\r\n,]}#", t->at[n]) == NULL)
		n++;
	if (n == 10 && room > n + 2 && t->at[4] == '-' && t->at[n] == ' ' && digit((char)t->at[n + 1]))
		for (n++; n < room && strchr(" \t\r\n,]}#", t->at[n]) == NULL;)
			n++;
	return n;
}

bool pb_toml_scalar(pb_toml *t, pb_node *parent, bool keyed)
{
	char s[WORD_MOST + 1];
	size_t n = word(t);
	bool done;

	if (n == 0 || n > WORD_MOST)
		return pb_toml_refuse(t, "a value is missing here");
	memcpy(s, t->at, n);
	s[n] = '\0';
	pb_toml_place(t);
	if (strcmp(s, "true") == 0 || strcmp(s, "false") == 0) {
		pb_node *node = pb_toml_add(t, parent, PB_NODE_BOOLEAN, keyed);

		done = node != NULL;
		if (done)
			node->as.boolean = s[0] == 't';
	} else if (is_moment(s)) {
		pb_node *node = pb_toml_add(t, parent, PB_NODE_STRING, keyed);

		done = node != NULL && pb_document_copy(t->d, s, n, &node->string);
	} else {
		done = add_number(t, parent, keyed, s);
	}
	t->at += n;
	return done;
}
