/* A small .rpm made by hand: lead, an empty signature, a header. No payload. */
#ifndef PROBITY_TESTS_RPM_CASE_H
#define PROBITY_TESTS_RPM_CASE_H

#include <stdint.h>
#include <string.h>

enum { RPM_SIGNATURE = 96, RPM_MAIN = 96 + 16 + 16 + 8 };

typedef struct rpm_file {
	uint8_t data[2048];
	size_t size;
} rpm_file;

static inline void rpm_word(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

/* The bytes of numbers are written as they lie in the file: big-endian. */
static inline void rpm_make(rpm_file *f)
{
	static const struct {
		uint32_t tag, type, count, size;
		const char *data;
	} entries[] = {
	    {1000, 6, 1, 6, "hello"},
	    {1001, 6, 1, 5, "2.10"},
	    {1006, 4, 1, 4, "\x65\x53\xf1\x00"},
	    {1014, 6, 1, 17, "GPL-3.0-or-later"},
	    {1024, 6, 1, 8, "echo hi"},
	    {1030, 3, 2, 4, "\x81\xed\x81\xa4"},
	    {1035, 8, 2, 6, "aa\0bb"},
	    {1049, 8, 2, 10, "libc\0bash"},
	    {1116, 4, 2, 8, "\0\0\0\0\0\0\0\1"},
	    {1117, 8, 2, 17, "hello\0hello.conf"},
	    {1118, 8, 2, 16, "/usr/bin/\0/etc/"},
	    {5011, 4, 1, 4, "\0\0\0\x08"},
	};
	enum { ENTRIES = sizeof entries / sizeof entries[0] };
	static const uint8_t magic[4] = {0x8e, 0xad, 0xe8, 0x01}, lead[4] = {0xed, 0xab, 0xee, 0xdb};
	uint32_t offset = 0;

	memset(f, 0, sizeof *f);
	memcpy(f->data, lead, 4);
	memcpy(f->data + RPM_SIGNATURE, magic, 4);
	rpm_word(f->data + RPM_SIGNATURE + 8, 1);
	rpm_word(f->data + RPM_SIGNATURE + 12, 4);
	rpm_word(f->data + RPM_SIGNATURE + 16, 1000);
	uint8_t *head = f->data + RPM_MAIN, *index = head + 16, *store = index + 16 * ENTRIES;
	memcpy(head, magic, 4);
	for (size_t i = 0; i < ENTRIES; i++, index += 16) {
		while (entries[i].type == 4 && offset % 4)
			offset++;
		rpm_word(index, entries[i].tag);
		rpm_word(index + 4, entries[i].type);
		rpm_word(index + 8, offset);
		rpm_word(index + 12, entries[i].count);
		memcpy(store + offset, entries[i].data, entries[i].size);
		offset += entries[i].size;
	}
	rpm_word(head + 8, ENTRIES);
	rpm_word(head + 12, offset);
	f->size = (size_t)(store + offset - f->data);
}

#endif
