/* Faults on demand, linked into build/faults/probity and build/faults/probityd only: ld's --wrap puts these functions before those of the
 * plugin. Where an object (or the subject of a script's pattern) holds "PB-FAULT:PLACE:WHAT", that place crashes, hangs or eats memory, as
 * a bug in C would. Nothing of it is in any other program. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "checks/pattern.h"
#include "clamav/record_out.h"
#include "evidence/document.h"
#include "facts/facts.h"
#include "wire/message.h"

int __real_pb_scanner_run(pb_scanner *s, pb_bytes bytes, pb_group group, pb_scan *scan);
int __wrap_pb_scanner_run(pb_scanner *s, pb_bytes bytes, pb_group group, pb_scan *scan);
int __real_pb_facts_of(const pb_object *object, const pb_scan *scan, const pb_lists *lists, json_t **made, pb_error *err);
int __wrap_pb_facts_of(const pb_object *object, const pb_scan *scan, const pb_lists *lists, json_t **made, pb_error *err);
bool __real_pb_pattern_find(lua_State *L, const pb_pattern *p, pb_bytes subject, size_t from, pb_match *out);
bool __wrap_pb_pattern_find(lua_State *L, const pb_pattern *p, pb_bytes subject, size_t from, pb_match *out);
int __real_pb_out_object(pb_lane *lane, uint32_t tag, const pb_object *o, const json_t *path, bool unscanned);
int __wrap_pb_out_object(pb_lane *lane, uint32_t tag, const pb_object *o, const json_t *path, bool unscanned);
json_t *__real_pb_document_read(const char *name, pb_bytes bytes);
json_t *__wrap_pb_document_read(const char *name, pb_bytes bytes);
int __real_pb_wire_send(int fd, pb_message type, uint32_t tag, const void *payload, size_t n);
int __wrap_pb_wire_send(int fd, pb_message type, uint32_t tag, const void *payload, size_t n);

enum { FOR_EVER = 1000000, BLOCK = 16 << 20 };

static void hang(void)
{
	for (;;)
		(void)usleep(FOR_EVER);
}

static void crash(void)
{
	*(volatile char *)NULL = 1;
}

static void spin(void)
{
	for (volatile unsigned i = 0;; i++)
		;
}

/* As code that does not look whether it got any: where it stops, it crashes. */
static void eat(void)
{
	for (;;)
		memset(malloc(BLOCK), 1, BLOCK);
}

static void escape(void)
{
	(void)syscall(SYS_socket, 2, 1, 0);
}

static const struct {
	const char *word;
	void (*act)(void);
} faults[] = {{"crash", crash}, {"hang", hang}, {"spin", spin}, {"eat", eat}, {"abort", abort}, {"escape", escape}};

static bool asks(pb_bytes bytes, const char *place, const char *word)
{
	char magic[60];
	int n = snprintf(magic, sizeof magic, "PB-FAULT:%s:%s;", place, word);

	return bytes.data != NULL && memmem(bytes.data, bytes.size, magic, (size_t)n) != NULL;
}

static void fault(pb_bytes bytes, const char *place)
{
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		if (asks(bytes, place, faults[i].word))
			faults[i].act();
}

int __wrap_pb_scanner_run(pb_scanner *s, pb_bytes bytes, pb_group group, pb_scan *scan)
{
	fault(bytes, "patterns");
	return __real_pb_scanner_run(s, bytes, group, scan);
}

int __wrap_pb_facts_of(const pb_object *object, const pb_scan *scan, const pb_lists *lists, json_t **made, pb_error *err)
{
	fault(object->bytes, "facts");
	return __real_pb_facts_of(object, scan, lists, made, err);
}

bool __wrap_pb_pattern_find(lua_State *L, const pb_pattern *p, pb_bytes subject, size_t from, pb_match *out)
{
	fault(subject, "binding");
	return __real_pb_pattern_find(L, p, subject, from, out);
}

int __wrap_pb_out_object(pb_lane *lane, uint32_t tag, const pb_object *o, const json_t *path, bool unscanned)
{
	fault(o->bytes, "reader");
	return __real_pb_out_object(lane, tag, o, path, unscanned);
}

json_t *__wrap_pb_document_read(const char *name, pb_bytes bytes)
{
	fault(bytes, "document");
	return __real_pb_document_read(name, bytes);
}

/* What a worker sends about an object whose path says so: cut and silent, or without an end. */
int __wrap_pb_wire_send(int fd, pb_message type, uint32_t tag, const void *payload, size_t n)
{
	pb_bytes text = {payload, n};

	if (type == PB_MSG_RECORD && asks(text, "send", "cut")) {
		uint8_t head[9] = {0, 0, 1, 0, PB_MSG_RECORD};

		if (write(fd, head, sizeof head) > 0)
			hang();
	}
	if (type == PB_MSG_RECORD && asks(text, "send", "nonsense")) {
		if (write(fd, "\xff\xff\xff\xffnonsense", 12) > 0)
			hang();
	}
	while (type == PB_MSG_RECORD && asks(text, "send", "flood"))
		if (__real_pb_wire_send(fd, type, tag, payload, n))
			hang();
	return __real_pb_wire_send(fd, type, tag, payload, n);
}
