/* What a binary says of itself: every answer of the hardening, and what must stay unanswered. */
#include "facts_case.h"

#include "elf_case.h"

static json_t *of_elf(void **state, const elf_case *c)
{
	elf_file f;
	elf_make(c, &f);
	return facts_of(state, f.data, f.size, "", NULL);
}

#define NINE_IMPORTS "malloc", "free", "memcpy", "strlen", "read", "write", "open", "close", "exit"

static void a_hardened_program(void **state)
{
	elf_case c = {.type = ET_DYN,
	              .interpreter = true,
	              .dynamic = true,
	              .relro = true,
	              .bind_now = true,
	              .stack = true,
	              .needed = "libc.so.6",
	              .imports = {"__stack_chk_fail", "connect", NINE_IMPORTS}};
	json_t *facts = of_elf(state, &c);

	assert_json(at(facts, "binary", NULL),
	            "{\"arch\":\"x86_64\",\"bits\":64,\"format\":\"elf\",\"hardening\":{\"bind_now\":true,\"canary\":true,"
	            "\"nx\":true,\"pie\":true,"
	            "\"relro\":\"full\",\"rwx\":false},\"interpreter\":\"/lib64/ld-linux-x86-64.so.2\",\"language\":\"c\","
	            "\"needed\":[\"libc.so.6\"],\"static\":false,\"stripped\":true,\"type\":\"dyn\"}");
	assert_tag(facts, "native-c", true);
	assert_tag(facts, "binary", true);
	assert_json(at(facts, "capabilities", NULL), "[{\"at\":530,\"by\":\"connect\",\"capability\":\"net-connect\",\"comment\":false,\"how\":\"import\"}]");
	assert_non_null(at(facts, "elf", "dynsym", NULL));
	pb_facts_keep(facts);
	assert_null(at(facts, "elf", NULL));
	assert_non_null(at(facts, "binary", NULL));
	json_decref(facts);
}

static void a_weak_program(void **state)
{
	elf_case c = {.type = ET_EXEC,
	              .interpreter = true,
	              .dynamic = true,
	              .stack = true,
	              .exec_stack = true,
	              .rwx = true,
	              .needed = "libc.so.6",
	              .rpath = "/tmp/lib",
	              .runpath = "$ORIGIN/../lib",
	              .imports = {NINE_IMPORTS}};
	json_t *facts = of_elf(state, &c);

	assert_json(at(facts, "binary", "hardening", NULL),
	            "{\"bind_now\":false,\"canary\":false,\"nx\":false,\"pie\":false,\"relro\":\"none\",\"rwx\":true}");
	assert_json(at(facts, "binary", "rpath", NULL), "\"/tmp/lib\"");
	assert_json(at(facts, "binary", "runpath", NULL), "\"$ORIGIN/../lib\"");
	assert_null(at(facts, "capabilities", NULL));
	json_decref(facts);
}

/* RELRO without BIND_NOW is partial, BIND_NOW without RELRO is none. */
static void relro_needs_both(void **state)
{
	elf_case partial = {.type = ET_DYN, .dynamic = true, .relro = true},
	         none = {.type = ET_DYN, .dynamic = true, .bind_now = true};
	json_t *facts = of_elf(state, &partial);

	assert_json(at(facts, "binary", "hardening", "relro", NULL), "\"partial\"");
	json_decref(facts);
	facts = of_elf(state, &none);
	assert_json(at(facts, "binary", "hardening", "relro", NULL), "\"none\"");
	assert_json(at(facts, "binary", "hardening", "bind_now", NULL), "true");
	json_decref(facts);
}

/* What cannot be known is absent: a library has no "pie", a few imports say nothing about canaries, no PT_GNU_STACK says
 * nothing. */
static void what_is_not_known_is_absent(void **state)
{
	elf_case library = {.type = ET_DYN, .dynamic = true, .needed = "libc.so.6", .imports = {"malloc", "free"}};
	json_t *facts = of_elf(state, &library);

	assert_null(at(facts, "binary", "hardening", "pie", NULL));
	assert_null(at(facts, "binary", "hardening", "nx", NULL));
	assert_null(at(facts, "binary", "hardening", "canary", NULL));
	assert_null(at(facts, "binary", "static", NULL));
	assert_tag(facts, "native-c", false);
	json_decref(facts);

	elf_case object = {.type = ET_REL};
	facts = of_elf(state, &object);
	assert_json(at(facts, "binary", "type", NULL), "\"rel\"");
	assert_null(at(facts, "binary", "hardening", NULL));
	json_decref(facts);
}

static void static_programs(void **state)
{
	elf_case fixed = {.type = ET_EXEC, .stack = true}, movable = {.type = ET_DYN, .dynamic = true, .pie = true};
	json_t *facts = of_elf(state, &fixed);

	assert_json(at(facts, "binary", "static", NULL), "true");
	assert_json(at(facts, "binary", "hardening", "pie", NULL), "false");
	assert_null(at(facts, "binary", "hardening", "bind_now", NULL));
	json_decref(facts);
	facts = of_elf(state, &movable);
	assert_json(at(facts, "binary", "static", NULL), "true");
	assert_json(at(facts, "binary", "hardening", "pie", NULL), "true");
	json_decref(facts);
}

static void languages(void **state)
{
	elf_case go = {.type = ET_EXEC, .section = ".gopclntab"};
	elf_case rust = {.type = ET_DYN,
	                 .dynamic = true,
	                 .imports = {NINE_IMPORTS},
	                 .extra = "/rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/core/src/str.rs"};
	elf_case pascal = {
	    .type = ET_DYN, .dynamic = true, .imports = {NINE_IMPORTS}, .extra = "FPC 3.2.2 [2021/05/16] for x86_64 - Linux"};
	elf_case reads_go = {.type = ET_DYN, .dynamic = true, .imports = {NINE_IMPORTS}, .extra = "\xff Go buildinf:"};
	struct {
		const elf_case *made;
		const char *language;
		const char *tag;
	} cases[] = {{&go, "\"go\"", "go"},
	             {&rust, "\"rust\"", "rust"},
	             {&pascal, "\"unknown\"", "elf"},
	             {&reads_go, "\"c\"", "native-c"}};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *facts = of_elf(state, cases[i].made);
		assert_json(at(facts, "binary", "language", NULL), cases[i].language);
		assert_tag(facts, cases[i].tag, true);
		/* Without a canary: a defect of a C program only. */
		assert_tag(facts, "native-c", strcmp(cases[i].language, "\"c\"") == 0);
		json_decref(facts);
	}
}

static void joint_imports_count_together(void **state)
{
	elf_case one = {.type = ET_DYN, .dynamic = true, .imports = {"listen", "socket"}};
	elf_case both = {.type = ET_DYN, .dynamic = true, .imports = {"listen", "accept"}};
	json_t *facts = of_elf(state, &one);

	assert_null(at(facts, "capabilities", NULL));
	json_decref(facts);
	facts = of_elf(state, &both);
	assert_json(at(facts, "capabilities", NULL),
	            "[{\"at\":513,\"by\":\"listen+accept\",\"capability\":\"net-listen\",\"comment\":false,\"how\":\"import\"}]");
	json_decref(facts);
}

/* What it defines itself it does not ask for; what has no names has no such fact. */
static void names_that_are_asked_for(void **state)
{
	elf_case asks = {.type = ET_DYN, .dynamic = true, .imports = {"listen", "memfd_create"}};
	elf_case nothing = {.type = ET_EXEC, .stack = true};
	json_t *facts = of_elf(state, &asks);

	assert_json(at(facts, "asks", NULL), "{\"listen\":\"import\",\"memfd_create\":\"import\"}");
	json_decref(facts);
	facts = of_elf(state, &nothing);
	assert_null(at(facts, "asks", NULL));
	json_decref(facts);
}

/* Go's runtime imports setuid and its like whether they are used or not. */
static void imports_of_go_are_its_runtimes(void **state)
{
	elf_case go = {.type = ET_DYN,
	               .dynamic = true,
	               .section = ".gopclntab",
	               .imports = {"setuid", "ptrace"},
	               .extra = "net.(*Dialer).DialContext"};
	json_t *facts = of_elf(state, &go);

	assert_json(at(facts, "capabilities", "0", "by", NULL), "\"ptrace\"");
	assert_json(at(facts, "capabilities", "1", "by", NULL), "\"net-dial\"");
	assert_int_equal(json_array_size(at(facts, "capabilities", NULL)), 2);
	json_decref(facts);
}

static void package_notes(void **state)
{
	elf_case noted = {.type = ET_DYN, .note = "{\"type\":\"deb\",\"name\":\"hello\",\"version\":\"2.10\",\"n\":1}"};
	elf_case broken = {.type = ET_DYN, .note = "{\"type\":"};
	json_t *facts = of_elf(state, &noted);

	assert_json(at(facts, "elf_note", NULL), "{\"name\":\"hello\",\"type\":\"deb\",\"version\":\"2.10\"}");
	json_decref(facts);
	facts = of_elf(state, &broken);
	assert_null(at(facts, "elf_note", NULL));
	json_decref(facts);
}

/* This very program, as the compiler of this machine made it: nothing of it is made up by the test. */
static void a_program_of_this_machine(void **state)
{
	pb_buf self = {0};
	pb_error err = {0};

	if (pb_fs_read("/proc/self/exe", 256 << 20, &self, &err))
		fail_msg("%s", err.text);
	json_t *facts = facts_of(state, self.data, self.size, "", NULL);
	assert_json(at(facts, "binary", "format", NULL), "\"elf\"");
	assert_json(at(facts, "binary", "stripped", NULL), "false");
	bool libc = false;
	for (size_t i = 0; i < json_array_size(at(facts, "binary", "needed", NULL)); i++)
		libc |= strcmp(json_string_value(json_array_get(at(facts, "binary", "needed", NULL), i)), "libc.so.6") == 0;
	assert_true(libc);
	json_decref(facts);
	pb_buf_free(&self);
}

/* A PE without imports: DOS stub, headers, one section. */
static size_t make_pe(uint8_t *b, uint16_t dll_characteristics, uint32_t section_flags)
{
	size_t pe = 0x80;
	memset(b, 0, 1024);
	memcpy(b, "MZ", 2);
	b[0x3c] = (uint8_t)pe;
	memcpy(b + pe, "PE\0\0", 4);
	b[pe + 4] = 0x64, b[pe + 5] = 0x86;   /* machine */
	b[pe + 6] = 1;                        /* sections */
	b[pe + 20] = 240;                     /* size of the optional header */
	b[pe + 22] = 0x22, b[pe + 23] = 0x20; /* executable, large addresses, DLL */
	b[pe + 24] = 0x0b, b[pe + 25] = 0x02; /* PE32+ */
	b[pe + 24 + 56 + 1] = 0x20;           /* size of the image */
	memcpy(b + pe + 24 + 70, &dll_characteristics, 2);
	b[pe + 24 + 108] = 16; /* data directories */
	uint8_t *section = b + pe + 24 + 240;
	memcpy(section, ".text", 5);
	section[9] = 0x10, section[13] = 0x10; /* virtual size and address 0x1000 */
	section[17] = 2, section[21] = 2;      /* raw size and offset 0x200 */
	memcpy(section + 36, &section_flags, 4);
	return 1024;
}

static void windows_programs(void **state)
{
	uint8_t b[1024];
	size_t n = make_pe(b, 0x0140, 0x60000020);
	json_t *facts = facts_of(state, b, n, ".dll", NULL);

	assert_json(at(facts, "binary", NULL),
	            "{\"arch\":\"x86_64\",\"bits\":64,\"format\":\"pe\",\"hardening\":{\"nx\":true,\"pie\":true,\"rwx\":false},"
	            "\"language\":\"unknown\",\"signatures\":0,\"static\":true,\"stripped\":true,\"type\":\"dll\"}");
	assert_tag(facts, "native-c", false);
	assert_null(at(facts, "dotnet", NULL));
	json_decref(facts);
	n = make_pe(b, 0, 0xe0000020);
	facts = facts_of(state, b, n, ".dll", NULL);
	assert_json(at(facts, "binary", "hardening", NULL), "{\"nx\":false,\"pie\":false,\"rwx\":true}");
	json_decref(facts);
}

/* The data of a module, without the names of its constants. */
static void modules_without_constants(void **state)
{
	static const uint32_t macho[] = {0xfeedfacf, 0x01000007, 3, 2, 1, 24, 0x200000, 0, 2, 24, 0, 0, 0, 0};
	static const uint8_t *const bytes = (const uint8_t *)macho;
	json_t *facts = facts_of(state, bytes, sizeof macho, "", NULL), *value;
	const char *key;

	assert_json(at(facts, "binary", "format", NULL), "\"macho\"");
	json_object_foreach (at(facts, "macho", NULL), key, value) {
		if (key[0] < 'a' || key[0] > 'z')
			fail_msg("a constant: %s", key);
	}
	json_decref(facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(modules_without_constants),
	    cmocka_unit_test(a_hardened_program),
	    cmocka_unit_test(a_weak_program),
	    cmocka_unit_test(relro_needs_both),
	    cmocka_unit_test(what_is_not_known_is_absent),
	    cmocka_unit_test(static_programs),
	    cmocka_unit_test(languages),
	    cmocka_unit_test(joint_imports_count_together),
	    cmocka_unit_test(imports_of_go_are_its_runtimes),
    cmocka_unit_test(names_that_are_asked_for),
	    cmocka_unit_test(package_notes),
	    cmocka_unit_test(a_program_of_this_machine),
	    cmocka_unit_test(windows_programs),
	};
	return cmocka_run_group_tests(tests, facts_open, facts_close);
}
