#include "bindings/yaml_scalar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CORE "tag:yaml.org,2002:"

static bool any_of(const pb_yaml_scalar *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (s->size == strlen(*words) && memcmp(s->text, *words, s->size) == 0)
			return true;
	return false;
}

static bool is_null(const pb_yaml_scalar *s)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL", NULL};

	return any_of(s, words);
}

static bool is_boolean(pb_yaml_scalar *s)
{
	static const char *const yes[] = {"true", "True", "TRUE", NULL}, *const no[] = {"false", "False", "FALSE", NULL};

	s->boolean = any_of(s, yes);
	return s->boolean || any_of(s, no);
}

/* The text is an integer of the core schema; *fits: one of 64 bits, then s->integer is it. */
static bool is_integer(pb_yaml_scalar *s, bool *fits)
{
	const char *p = s->text, *end = s->text + s->size;
	unsigned base = 10;
	uint64_t value = 0;
	bool minus = false;

	*fits = true;
	if (s->size > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'o')) {
		base = p[1] == 'x' ? 16 : 8;
		p += 2;
	} else if (s->size > 0 && (*p == '-' || *p == '+')) {
		minus = *p++ == '-';
	}
	if (p == end)
		return false;
	for (; p < end; p++) {
		unsigned digit = *p >= '0' && *p <= '9'   ? (unsigned)(*p - '0')
		                 : *p >= 'a' && *p <= 'f' ? (unsigned)(*p - 'a') + 10
		                 : *p >= 'A' && *p <= 'F' ? (unsigned)(*p - 'A') + 10
		                                          : 16;

		if (digit >= base)
			return false;
		*fits = *fits && !__builtin_mul_overflow(value, base, &value) && !__builtin_add_overflow(value, digit, &value);
	}
	*fits = *fits && value <= (uint64_t)INT64_MAX + minus;
	s->integer = minus ? (int64_t)(0 - value) : (int64_t)value;
	return true;
}

/* [-+]? ( . digits | digits [. [digits]] ) [e [-+]? digits], .inf, .nan */
static bool is_real(pb_yaml_scalar *s)
{
	static const char digits[] = "0123456789", *const inf[] = {".inf", ".Inf", ".INF", NULL},
	                  *const nan[] = {".nan", ".NaN", ".NAN", NULL};
	const char *p = s->text;
	pb_yaml_scalar rest;
	size_t whole, part = 0;
	bool minus = *p == '-';

	if (any_of(s, nan)) {
		s->real = NAN;
		return true;
	}
	p += *p == '-' || *p == '+';
	rest = (pb_yaml_scalar){.text = p, .size = s->size - (size_t)(p - s->text)};
	if (any_of(&rest, inf)) {
		s->real = minus ? -INFINITY : INFINITY;
		return true;
	}
	whole = strspn(p, digits);
	p += whole;
	if (*p == '.') {
		part = strspn(++p, digits);
		p += part;
	}
	if (whole + part == 0)
		return false;
	if (*p == 'e' || *p == 'E') {
		p++;
		p += *p == '-' || *p == '+';
		if (strspn(p, digits) == 0)
			return false;
		p += strspn(p, digits);
	}
	if (p != s->text + s->size)
		return false;
	s->real = strtod(s->text, NULL);
	return true;
}

static bool resolve_plain(pb_yaml_scalar *s)
{
	bool fits;

	s->type = PB_NODE_STRING;
	if (is_null(s))
		s->type = PB_NODE_NULL;
	else if (is_boolean(s))
		s->type = PB_NODE_BOOLEAN;
	else if (is_integer(s, &fits))
		s->type = fits ? PB_NODE_INTEGER : PB_NODE_STRING; /* as written: nothing is lost */
	else if (is_real(s))
		s->type = PB_NODE_REAL;
	return true;
}

bool pb_yaml_resolve(pb_yaml_scalar *s)
{
	const char *name;
	bool fits;

	if (s->tag == NULL && s->plain)
		return resolve_plain(s);
	s->type = PB_NODE_STRING;
	if (s->tag == NULL || strncmp(s->tag, CORE, strlen(CORE)) != 0)
		return true;
	name = s->tag + strlen(CORE);
	if (strcmp(name, "null") == 0) {
		s->type = PB_NODE_NULL;
		return is_null(s);
	}
	if (strcmp(name, "bool") == 0) {
		s->type = PB_NODE_BOOLEAN;
		return is_boolean(s);
	}
	if (strcmp(name, "int") == 0) {
		bool integer = is_integer(s, &fits);

		s->type = fits ? PB_NODE_INTEGER : PB_NODE_STRING;
		return integer;
	}
	if (strcmp(name, "float") == 0) {
		s->type = PB_NODE_REAL;
		return is_real(s);
	}
	return true;
}
