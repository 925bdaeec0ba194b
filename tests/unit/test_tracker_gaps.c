/* plugin/clamav/tracker: what is missing or went wrong is told, never passed over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "clamav/tracker_inside.h"
#include "tests/unit/tracker_case.h"

/* Objects that nobody saw are told, not passed over; files too small for ClamAV are no products. */
static void never_shown(void **state)
{
	static const char why[] =
	    L("1001", "\"huge.iso\"",
	      "never shown to plugins by ClamAV: larger than its MaxFileSize, or of 5 bytes or less");
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_in(h, 1, 0, "/srv/tiny", "", 5);
	end_scan(h, 1);
	begin_in(h, 2, 0, "/srv/huge.iso", "", 5000000000);
	end_scan(h, 2);
	begin_scan(h, 3, "no file at all");
	object_from(h, 3, 1, 0, "CL_TYPE_ZIP", NULL, NULL, 70, PB_BYTES_NONE);
	end_with(h, 3, 21, "", 0);
	rig_await(3);
	rig_end(0);
	assert_non_null(strstr(rig.log, why));
	rig_expect(K("1000", "0", "1", "data") B("1001", "0", "2", "huge.iso", "/srv/huge.iso", "5000000000")
	               L("1001", "\"huge.iso\"",
	                 "never shown to plugins by ClamAV: larger than its MaxFileSize, or of 5 bytes or less")
	                   I("1001", "data", "", "5000000000") CLEAN("1001", "0", "2")
	                       B("1002", "0", "3", "no file at all", "no file at all", "0")
	                           L("1002", "\"no file at all\"", "no bytes delivered")
	                               L("1002", "\"no file at all\"", "ClamAV stopped early (its code 21)")
	                                   I("1002", "data", "", "0") E("1002", "0", "3", "21", "", "0", "0", "false"));
}

static void detections(void **state)
{
	static const char stopped[] = "ClamAV stopped at its first detection";
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	/* with allmatch: more comes behind the detection */
	rig.allmatch = 1;
	begin_scan(h, 1, "a.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	object(h, 1, 2, 1, "CL_TYPE_TEXT_ASCII", "in.txt", "inside.");
	found(h, 1, 101, "Test.\xff.Sig");
	found(h, 1, 101, "Heuristics.Limits.Exceeded.MaxFiles");
	object(h, 1, 3, 1, "CL_TYPE_TEXT_ASCII", "on.txt", "goes on");
	end_with(h, 1, 1, "Test.\xff.Sig", 0);
	rig_await(1);
	assert_null(strstr(rig.log, stopped));
	rig_expect(B("1000", "0", "1", "a.zip", "a.zip", "10") O("1000", "\"a.zip\"", "zip", "10")
	               O("1000", "\"a.zip\",\"in.txt\"", "text", "7") L("1000", "\"a.zip\",\"in.txt\"",
	                                                                "more members than ClamAV's bound")
	                   O("1000", "\"a.zip\",\"on.txt\"", "text", "7")
	                       D("1000", "\"a.zip\",\"in.txt\"", "#", "Test.\\\\xff.Sig") I("1000", "zip", "#", "10")
	                           E("1000", "0", "1", "1", "Test.\\\\xff.Sig", "0", "0", "false"));
	/* without: whatever else there was, nobody knows */
	rig.allmatch = 0;
	begin_scan(h, 2, "a.zip");
	object(h, 2, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	found(h, 2, 100, "Test.Sig");
	end_with(h, 2, 1, "Test.Sig", 0);
	/* a host without a virus_found callback */
	begin_scan(h, 3, "a.zip");
	object(h, 3, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	end_with(h, 3, 1, "Only.End", 0);
	/* a limit of ClamAV's, told as a detection, is none */
	begin_scan(h, 4, "a.zip");
	object(h, 4, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	end_with(h, 4, 1, "Heuristics.Limits.Exceeded.MaxFiles", 0);
	rig_await(4);
	rig_end(0);
	rig_expect(
	    B("1001", "0", "2", "a.zip", "a.zip", "10") O("1001", "\"a.zip\"", "zip", "10")
	        D("1001", "\"a.zip\"", "#", "Test.Sig") L("1001", "\"a.zip\"", "ClamAV stopped at its first detection")
	            I("1001", "zip", "#", "10") E("1001", "0", "2", "1", "Test.Sig", "0", "0", "false")
	                B("1002", "0", "3", "a.zip", "a.zip", "10") O("1002", "\"a.zip\"", "zip", "10")
	                    D("1002", "\"a.zip\"", "#", "Only.End")
	                        L("1002", "\"a.zip\"", "ClamAV stopped at its first detection")
	                            I("1002", "zip", "#", "10") E("1002", "0", "3", "1", "Only.End", "0", "0", "false")
	                                B("1003", "0", "4", "a.zip", "a.zip", "10") O("1003", "\"a.zip\"", "zip", "10")
	                                    L("1003", "\"a.zip\"", "more members than ClamAV's bound")
	                                        I("1003", "zip", "#", "10")
	                                            E("1003", "0", "4", "1", "Heuristics.Limits.Exceeded.MaxFiles", "0",
	                                              "0", "false"));
}

static void lost_events(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "a.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	object_from(h, 1, 3, 1, "CL_TYPE_TEXT_ASCII", "in.txt", NULL, 100, PB_BYTES_DROPPED);
	end_with(h, 1, 0, "", 3);
	begin_scan(h, 2, "b.zip"); /* its end will be lost */
	object(h, 2, 1, 0, "CL_TYPE_ZIP", "b.zip", A_ZIP);
	begin_scan(h, 3, "c.zip");
	object(h, 3, 1, 0, "CL_TYPE_ZIP", "c.zip", A_ZIP);
	end_scan(h, 3);
	rig_await(3);
	rig_end(0);
	rig_expect(B("1000", "0", "1", "a.zip", "a.zip",
	             "10") O("1000", "\"a.zip\"", "zip", "10") L("1000", "\"a.zip\",\"in.txt\"", "no bytes delivered")
	               L("1000", "\"a.zip\"", "dropped: the workers did not keep up (1 objects)")
	                   L("1000", "\"a.zip\"", "lost: the workers did not keep up (3 events)")
	                       I("1000", "zip", "#", "10") E_WITH("1000", "0", "1", DROPPED("1"), "", "3", "0", "")
	                           B("1001", "0", "2", "b.zip", "b.zip", "10") O("1001", "\"b.zip\"", "zip", "10")
	                               L("1001", "\"b.zip\"", "the end of the scan was not told")
	                                   I("1001", "zip", "#", "10") E("1001", "0", "2", "-1", "", "0", "0", "true")
	                                       B("1002", "0", "3", "c.zip", "c.zip", "10")
	                                           O("1002", "\"c.zip\"", "zip", "10") I("1002", "zip", "#", "10")
	                                               CLEAN("1002", "0", "3"));
}

/* Everything that a host wrote before it went counts. */
static void host_goes(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(false, "{}");
	h = hook_begin();
	begin_scan(h, 1, "a.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	object_from(h, 1, 2, 1, "CL_TYPE_TEXT_ASCII", "half.txt", NULL, 10, PB_BYTES_CHUNKS);
	chunk(h, 1, 2, "first", 5, 0);
	hook_hang_up(h);
	rig_await(1);
	h = hook_begin();
	begin_scan(h, 1, "undecided");
	hook_hang_up(h);
	rig_await(2);
	for (int i = 0; i < 400 && rig.gone < 2; i++)
		rig_take(50);
	assert_int_equal(rig.gone, 2);
	rig_end(0);
	rig_expect(B("1000", "0", "1", "a.zip", "a.zip", "10") O("1000", "\"a.zip\"", "zip", "10")
	               L("1000", "\"a.zip\",\"half.txt\"", "no bytes delivered")
	                   L("1000", "\"a.zip\"", "the host went away in the midst of the scan")
	                       I("1000", "zip", "#", "10") E("1000", "0", "1", "-1", "", "0", "0", "true")
	                           B("1001", "1", "1", "undecided", "undecided", "0")
	                               L("1001", "\"undecided\"", "the host went away in the midst of the scan")
	                                   I("1001", "data", "", "0") E("1001", "1", "1", "-1", "", "0", "0", "true"));
}

/* A scan with more of anything than is kept. The counters are set, to come near without a million events. */
static void bounds(void **state)
{
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "a.zip");
	object(h, 1, 1, 0, "CL_TYPE_ZIP", "a.zip", A_ZIP);
	rig_turn();
	h->stream->scan[0]->metas = PB_TRACKED_METAS - 1;
	h->stream->scan[0]->objects = PB_TRACKED_OBJECTS - 1;
	meta(h, 1, "CL_TYPE_ARJ", "last.txt", 7, 0);
	meta(h, 1, "CL_TYPE_ARJ", "one too many.txt", 7, 0);
	object(h, 1, 2, 1, "CL_TYPE_TEXT_ASCII", "last.txt", "inside.");
	object(h, 1, 3, 1, "CL_TYPE_TEXT_ASCII", "one too many.txt", "not any more");
	object(h, 1, 4, 1, "CL_TYPE_TEXT_ASCII", "and another.txt", "not any more");
	end_scan(h, 1);
	rig_await(1);
	assert_int_equal(atomic_load(pb_ring_word(h->ring, PB_WORD_SKIP)), 0);
	rig_end(0);
	rig_expect(B("1000", "0", "1", "a.zip", "a.zip", "10") O("1000", "\"a.zip\"", "zip", "10")
	               O("1000", "\"a.zip\",\"last.txt\"", "text", "7")
	                   L("1000", "\"a.zip\"", "more objects than the members budget")
	                       L("1000", "\"a.zip\"", "more announced members than are kept")
	                           I("1000", "zip", "#", "10") CLEAN("1000", "0", "1"));
}

static void too_many_attachments(void **state)
{
	char name[16], elf[64];
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "m.eml");
	object(h, 1, 1, 0, "CL_TYPE_MAIL", "m.eml", "Received: from here\nSubject: two\n\n");
	for (unsigned i = 0; i < PB_TRACKED_ATTACHMENTS + 2; i++) {
		(void)snprintf(name, sizeof name, "%u.elf", i);
		(void)snprintf(elf, sizeof elf, "%s%u", AN_ELF, i);
		object(h, 1, 2 + i, 1, "CL_TYPE_ELF", name, elf);
		if (i % 32 == 0)
			rig_turn();
	}
	end_scan(h, 1);
	rig_await(PB_TRACKED_ATTACHMENTS);
	rig_end(0);
	assert_non_null(strstr(rig.log, O("1255", "\"255.elf\"", "elf", "51")));
	assert_null(strstr(rig.log, "256.elf"));
	assert_non_null(strstr(rig.log, L("1000", "\"0.elf\"", "more attachments than are assessed")));
}

/* Deeper than a chain may be: told once, and nothing below is examined; deeper than the depth budget: not unpacked. */
static void depths(void **state)
{
	char name[16], zip[32], deb[128];
	hook_t *h;

	(void)state;
	rig_begin(true, "{}");
	h = hook_begin();
	begin_scan(h, 1, "0.zip");
	for (uint32_t level = 0; level < PB_PATH_DEPTH + 2; level++) {
		(void)snprintf(name, sizeof name, "%u.zip", level);
		(void)snprintf(zip, sizeof zip, "PK\3\4 %u zip", level);
		object(h, 1, level + 1, level, "CL_TYPE_ZIP", name, zip);
		if (level == pb_budget_default.depth - 1) {
			(void)snprintf(deb, sizeof deb, "%sx", A_DEB);
			object(h, 1, 100, level, "CL_TYPE_AR", "x.deb", deb);
			break;
		}
	}
	end_scan(h, 1);
	begin_scan(h, 2, "0.zip");
	for (uint32_t level = 0; level < PB_PATH_DEPTH + 2; level++) {
		(void)snprintf(zip, sizeof zip, "PK\3\4 %u zip", level);
		object(h, 2, level + 1, level, "CL_TYPE_ZIP", "z.zip", zip);
	}
	end_scan(h, 2);
	rig_await(2);
	rig_end(0);
	assert_non_null(strstr(rig.log, "nested deeper than the depth budget"));
	assert_non_null(strstr(rig.log, PB_WHY_DEEP));
	assert_non_null(strstr(rig.log, E("1000", "0", "1", "0", "", "0", "0", "false")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(never_shown), cmocka_unit_test(detections), cmocka_unit_test(lost_events),
	    cmocka_unit_test(host_goes),   cmocka_unit_test(bounds),     cmocka_unit_test(too_many_attachments),
	    cmocka_unit_test(depths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
