/* plugin/clamav: archives inside of other things, which have no layer of their own, and what only looks like one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/frame_case.h"

/* Embedded layers are never inspected: levels skip, and a layer that was left may stand where one of them is now. */
static void embedded(void **state)
{
	const char *stale[] = {"p.exe", NULL};
	pb_inspected seen = {.fd = 5,
	                     .type = "CL_TYPE_TEXT_ASCII",
	                     .name = "y.txt",
	                     .buffer = "embedded",
	                     .size = 8,
	                     .level = 2,
	                     .ancestors = stale,
	                     .parent_size = 4000};
	pb_frame *f = begin("p.exe", NULL);

	(void)state;
	inspect(0, "CL_TYPE_BINARY_DATA", "p.exe", "a program, say");
	inspect(2, "CL_TYPE_TEXT_ASCII", "x.txt", "level 1 was skipped");
	inspect(1, "CL_TYPE_TEXT_ASCII", NULL, "an unpacked part");
	pb_frame_inspect(&seen); /* its parent has 4,000 bytes: not the part above */
	seen.parent_size = 16;
	seen.name = "z.txt";
	inspect(1, "CL_TYPE_TEXT_ASCII", NULL, "another part....");
	pb_frame_inspect(&seen); /* and here it has the 16 of the part above */
	expect(f, "p.exe|text|.exe\np.exe > x.txt|text|.txt\np.exe > #1|text|\np.exe > y.txt|text|.txt\n"
	          "p.exe > #2|text|\np.exe > #2 > z.txt|text|.txt\n");
}

/* ClamAV takes each PK\3\4 for a member of a zip. In code most are none, and where there is a zip its own list tells. */
static void letters_of_zip(void **state)
{
	static const char program[] = "\x7f"
	                              "ELF\2\1\1 a program of 40 bytes............";
	pb_frame *f = begin("p.zip", NULL);

	(void)state;
	inspect(0, "CL_TYPE_ZIP", "p.zip", "PK\3\4 outer");
	announce_twice("bin/tool", sizeof program - 1, 0);
	announce_twice("b.txt", 8, 0);
	inspect_fd(3, 1, "CL_TYPE_ELF", "tool", program, sizeof program - 1);
	pb_frame_meta("CL_TYPE_ZIP", "\xbd)", 205, 1);
	pb_frame_meta("CL_TYPE_ZIP", "r\xc9", 7262517, 0);
	inspect(3, "CL_TYPE_TEXT_ASCII", "r\xc9", "a few bytes of the 7,262,517"); /* inflated from code, say */
	inspect(1, "CL_TYPE_TEXT_ASCII", "b.txt", "harmless");
	expect(f, "p.zip|zip|.zip\np.zip > bin/tool|elf|\np.zip > bin/tool > r\\xc9|text|\np.zip > b.txt|text|.txt\n");

	f = begin("tool", NULL); /* on its own, and in a container of another type */
	inspect_fd(3, 0, "CL_TYPE_ELF", "tool", program, sizeof program - 1);
	pb_frame_meta("CL_TYPE_ZIP", "\xbd)", 205, 1);
	pb_frame_meta("CL_TYPE_ZIP", "r\xc9", 7262517, 0);
	expect(f, "tool|elf|\n");
	f = begin("p.arj", NULL);
	inspect_fd(3, 0, "CL_TYPE_ARJ", "p.arj", "\x60\xea\x29\0xx", 6);
	pb_frame_meta("CL_TYPE_ARJ", "tool", sizeof program - 1, 0);
	inspect_fd(4, 1, "CL_TYPE_ELF", "tool", program, sizeof program - 1);
	pb_frame_meta("CL_TYPE_ZIP", "\xbd)", 205, 1);
	pb_frame_meta("CL_TYPE_ZIP", "r\xc9", 7262517, 0);
	expect(f, "p.arj|arj|.arj\np.arj > tool|elf|\n");
	f = begin("p.dat", NULL); /* a zip by ClamAV's word alone, which nobody lists */
	inspect(0, "CL_TYPE_ZIP", "p.dat", "something");
	announce_twice("a.txt", 100, 1);
	announce_twice("b.txt", 100, 0);
	expect(f, "p.dat|text|.dat\n! p.dat > a.txt: encrypted\n"
	          "! p.dat > b.txt: announced by the archive, not delivered by ClamAV\n");
}

/* What a program that unpacks itself carries is put down to the program, in whatever it is packed. */
static void archives_in_programs(void **state)
{
	static const char *const outer[] = {"CL_TYPE_POSIX_TAR", "CL_TYPE_ZIP"};
	static const char program[] = "\x7f"
	                              "ELF\2\1\1 a program of 40 bytes............";
	char tar[512] = "x";

	(void)state;
	memcpy(tar + 257, "ustar", 5);
	for (size_t i = 0; i < 2; i++) {
		pb_frame *f = begin("p", NULL);

		inspect_fd(3, 0, outer[i], "p", i == 0 ? tar : "PK\3\4 outer", i == 0 ? sizeof tar : 10);
		pb_frame_meta(outer[i], "tool", sizeof program - 1, 0);
		inspect_fd(4, 1, "CL_TYPE_ELF", "tool", program, sizeof program - 1);
		pb_frame_meta("CL_TYPE_7Z", "a.txt", 8, 1);
		pb_frame_meta("CL_TYPE_7Z", "d/b.txt", 8, 0);
		inspect(3, "CL_TYPE_TEXT_ASCII", "b.txt", "is there");
		pb_frame_meta("CL_TYPE_7Z", "c.txt", 8, 1);
		pb_frame_meta("CL_TYPE_7Z", "e.txt", 8, 0);
		expect(f, i == 0 ? "p|tar|\np > tool|elf|\n! p > tool > a.txt: encrypted\np > tool > d/b.txt|text|.txt\n"
		                   "! p > tool > c.txt: encrypted\n"
		                   "! p > tool > e.txt: announced by the archive, not delivered by ClamAV\n"
		                 : "p|zip|\np > tool|elf|\n! p > tool > a.txt: encrypted\np > tool > d/b.txt|text|.txt\n"
		                   "! p > tool > c.txt: encrypted\n"
		                   "! p > tool > e.txt: announced by the archive, not delivered by ClamAV\n");
	}
}

/* Where nothing came as a whole there was no archive; where something did, the rest is told of. */
static void cut_guests(void **state)
{
	static const char program[] = "\x7f"
	                              "ELF\2\1\1 a program of 40 bytes............";

	(void)state;
	for (size_t whole = 0; whole < 2; whole++) {
		pb_frame *f = begin("tool", NULL);

		inspect_fd(3, 0, "CL_TYPE_ELF", "tool", program, sizeof program - 1);
		pb_frame_meta("CL_TYPE_ARJ", "A", 70000, 0);
		inspect(2, "CL_TYPE_TEXT_ASCII", "A", "four bytes more or less");
		pb_frame_meta("CL_TYPE_ARJ", "b.txt", whole ? 8 : 900, 0);
		inspect(2, "CL_TYPE_TEXT_ASCII", "b.txt", "is there");
		expect(f, whole ? "tool|elf|\ntool > A|text|\ntool > b.txt|text|.txt\n"
		                  "! tool > A: cut short: fewer bytes than its archive announced\n"
		                : "tool|elf|\ntool > A|text|\ntool > b.txt|text|.txt\n");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(embedded),
	    cmocka_unit_test(letters_of_zip),
	    cmocka_unit_test(archives_in_programs),
	    cmocka_unit_test(cut_guests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
