/* plugin/clamav/tracker: products that hold many scans, for --group path and --group run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/tracker_case.h"

static void group_path(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{\"group\":\"path\",\"prefixes\":[{\"path\":\"/srv/a\",\"name\":\"a\"},{\"path\":\"/srv/"
	                "down\",\"name\":\"down\"}]}");
	h = hook_begin();
	begin_in(h, 1, 0, "down/sub/x.txt", "/srv/down/sub/x.txt", 12);
	object(h, 1, 1, 0, "CL_TYPE_TEXT_ASCII", "x.txt", "just a text.");
	end_scan(h, 1);
	begin_in(h, 2, 0, "/srv/a", "", 48); /* a file that was named itself */
	object(h, 2, 1, 0, "CL_TYPE_ELF", "a", AN_ELF);
	end_scan(h, 2);
	begin_in(h, 3, 0, "/srv/down2/y", "", 48); /* none of the folders */
	object(h, 3, 1, 0, "CL_TYPE_ELF", "y", AN_ELF);
	end_scan(h, 3);
	begin_in(h, 4, 0, "/srv/down/tiny", "", 3);
	end_scan(h, 4);
	rig_await(4);
	assert_int_equal(atomic_load(pb_ring_word(h->ring, PB_WORD_SKIP)), 0);
	rig_end(0);
	rig_expect(
	    B("2", "0", "1", "x.txt", "/srv/down/sub/x.txt", "12") O("2", "\"down\",\"sub/x.txt\"", "text", "12")
	        IP("2", "text", "\"down\",\"sub/x.txt\"", "#", "12") CLEAN("2", "0", "1") B(
	            "1", "0", "2", "a", "/srv/a", "48") O("1", "\"a\"", "elf", "48") IP("1", "elf", "\"a\"", "#", "48")
	            CLEAN("1", "0", "2") B("1000", "0", "3", "y", "/srv/down2/y", "48") O("1000", "\"y\"", "elf", "48")
	                I("1000", "elf", "#", "48") CLEAN("1000", "0", "3") B("2", "0", "4", "tiny", "/srv/down/tiny",
	                                                                      "3")
	                    L("2", "\"down\",\"tiny\"",
	                      "never shown to plugins by ClamAV: larger than its MaxFileSize, or of 5 bytes or less")
	                        IP("2", "data", "\"down\",\"tiny\"", "", "3") CLEAN("2", "0", "4"));
}

static void group_run(void **state)
{
	hook_t *a, *b;

	(void)state;
	rig_begin(true, "{\"group\":\"run\",\"prefixes\":[{\"path\":\"/srv/a/\",\"name\":\"a\"},{\"path\":\"/srv/"
	                "b\",\"name\":\"b\"}]}");
	a = hook_begin();
	b = hook_begin();
	begin_in(a, 1, 0, "/srv/a/x", "", 48);
	object(a, 1, 1, 0, "CL_TYPE_ELF", "x", AN_ELF);
	begin_in(b, 1, 0, "/srv/b", "", 48);
	object(b, 1, 1, 0, "CL_TYPE_ELF", "b", AN_ELF);
	end_scan(a, 1);
	end_scan(b, 1);
	begin_in(b, 2, 0, "/elsewhere/x", "", 48);
	object(b, 2, 1, 0, "CL_TYPE_ELF", "x", AN_ELF);
	end_scan(b, 2);
	rig_await(3);
	rig_end(0);
	rig_expect(
	    B("1", "0", "1", "x", "/srv/a/x", "48") O("1", "\"run\",\"a/x\"", "elf", "48")
	        IP("1", "elf", "\"run\",\"a/x\"", "#", "48") CLEAN("1", "0", "1") B("1", "1", "1", "b", "/srv/b", "48")
	            O("1", "\"run\",\"b\"", "elf", "48") IP("1", "elf", "\"run\",\"b\"", "#", "48") CLEAN("1", "1", "1")
	                B("1", "1", "2", "x", "/elsewhere/x", "48") O("1", "\"run\",\"elsewhere/x\"", "elf", "48")
	                    IP("1", "elf", "\"run\",\"elsewhere/x\"", "#", "48") CLEAN("1", "1", "2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(group_path),
	    cmocka_unit_test(group_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
