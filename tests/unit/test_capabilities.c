/* Capabilities: names that programs of each system ask for, with where they stand, and what declares them. */
#include "names_case.h"

#include "facts/elf_versions.h"

/* Every capability can be seen in each format that says by name what it asks for. */
static void every_capability_has_rows(void **state)
{
	static const struct {
		pb_asks list;
		const char *without; /* what no function of that system shows */
	} formats[] = {{PB_ASKS_ELF, " persist "}, {PB_ASKS_PE, " location "}, {PB_ASKS_MACHO, ""}, {PB_ASKS_JAVA, ""}, {PB_ASKS_DOTNET, ""}};
	facts_case *c = *state;

	for (size_t f = 0; f < sizeof formats / sizeof formats[0]; f++) {
		const pb_imports *in = &c->lists->asks[formats[f].list];
		for (size_t i = 0; pb_capability_named(pb_capability_name(i)); i++) {
			bool found = false;
			for (size_t k = 0; k < in->n_rules; k++)
				found |= in->rules[k].capability == pb_capability_name(i);
			char word[64];
			snprintf(word, sizeof word, " %s ", pb_capability_name(i));
			if (found == (strstr(formats[f].without, word) != NULL))
				fail_msg("format %zu: %s %s", f, pb_capability_name(i), found ? "is there" : "is missing");
		}
	}
	assert_string_equal(pb_capability_name(16), "any");
	assert_null(pb_capability_named("any"));
	assert_null(pb_capability_name(18));
}

/* Two libraries; connect of the first, NSPasteboard of the second, execve defined here. */
static void make_macho(made *m)
{
	static const char strings[] = "\0_connect$NOCANCEL\0_OBJC_CLASS_$_NSPasteboard\0_execve";
	const uint32_t at_symbols = 32 + 2 * 40 + 24, at_strings = at_symbols + 3 * 16;

	m->size = 0;
	made_little(m, 0xfeedfacf, 4), made_little(m, 0x01000007, 4), made_little(m, 3, 4), made_little(m, 2, 4);
	made_little(m, 3, 4), made_little(m, 2 * 40 + 24, 4), made_little(m, 0, 8);
	for (int i = 0; i < 2; i++) {
		made_little(m, 0xc, 4), made_little(m, 40, 4), made_little(m, 24, 4), made_little(m, 0, 12);
		made_put(m, i ? "AppKit\0\0\0\0\0\0\0\0\0" : "libSystem.dylib", 16);
	}
	made_little(m, 2, 4), made_little(m, 24, 4), made_little(m, at_symbols, 4), made_little(m, 3, 4);
	made_little(m, at_strings, 4), made_little(m, sizeof strings, 4);
	made_little(m, 1, 4), made_little(m, 1, 1), made_little(m, 0, 1), made_little(m, 1 << 8, 2), made_little(m, 0, 8);
	made_little(m, 19, 4), made_little(m, 1, 1), made_little(m, 0, 1), made_little(m, 2 << 8, 2), made_little(m, 0, 8);
	made_little(m, 46, 4), made_little(m, 0x0f, 1), made_little(m, 1, 1), made_little(m, 0, 2), made_little(m, 64, 8);
	made_put(m, strings, sizeof strings);
}

static const reading_case macho = {.kind = "macho", .read = pb_names_macho}, java = {.kind = "java-class", .read = pb_names_java};

static void names_of_macho(void **state)
{
	made m, fat = {.size = 0};
	(void)state;
	make_macho(&m);
	assert_names(&macho, &m, "connect<libSystem.dylib@185 NSPasteboard<AppKit@203");
	names_hostile(&macho, &m);
	/* one file for each processor */
	made_big(&fat, 0xcafebabe, 4), made_big(&fat, 1, 4), made_big(&fat, 0x01000007, 4), made_big(&fat, 3, 4);
	made_big(&fat, 64, 4), made_big(&fat, m.size, 4), made_big(&fat, 0, 4);
	fat.size = 64;
	made_put(&fat, m.data, m.size);
	assert_names(&macho, &fat, "connect<libSystem.dylib@249 NSPasteboard<AppKit@267");
	names_hostile(&macho, &fat);
}

static void make_java(made *m)
{
	static const char *const texts[] = {"java/lang/Runtime", "exec", "()V", "java/net/ServerSocket", "[Ljava/net/Socket;"};

	m->size = 0;
	made_big(m, 0xcafebabe, 4), made_big(m, 52, 4), made_big(m, 13, 2);
	for (size_t i = 0; i < 5; i++) { /* 1 to 5 */
		made_big(m, 1, 1), made_big(m, strlen(texts[i]), 2);
		made_put(m, texts[i], strlen(texts[i]));
	}
	made_big(m, 5, 1), made_big(m, 1, 8);                   /* 6, and 7 is none */
	made_big(m, 7, 1), made_big(m, 1, 2);                   /* 8: the class Runtime */
	made_big(m, 12, 1), made_big(m, 2, 2), made_big(m, 3, 2);  /* 9 */
	made_big(m, 10, 1), made_big(m, 8, 2), made_big(m, 9, 2);  /* 10: its method */
	made_big(m, 7, 1), made_big(m, 4, 2);                   /* 11: this class */
	made_big(m, 7, 1), made_big(m, 5, 2);                   /* 12: an array */
	made_big(m, 1, 2), made_big(m, 11, 2);
}

static void names_of_java(void **state)
{
	made m;
	(void)state;
	make_java(&m);
	assert_names(&java, &m, "java.lang.Runtime@97 java.lang.Runtime.exec@105");
	names_hostile(&java, &m);
}

static uint32_t heap_text(made *m, size_t heap, const char *text)
{
	size_t at = m->size;
	made_text(m, text);
	return (uint32_t)(at - heap);
}

static json_t *streams(const made *m, size_t strings, size_t strings_size, size_t tables)
{
	return json_pack("{s:{s:[{s:s,s:i,s:i},{s:s,s:i,s:i}]}}", "dotnet", "streams", "name", "#Strings", "offset", (int)strings, "size",
	                 (int)strings_size, "name", "#~", "offset", (int)tables, "size", (int)(m->size - tables));
}

/* TcpClient of System with its Connect, a type of its own with a field, and GetAsyncKeyState of user32.dll. */
static json_t *make_dotnet(made *m)
{
	m->size = 0;
	made_little(m, 0, 16);
	made_text(m, "");
	uint32_t space = heap_text(m, 16, "System.Net.Sockets"), type = heap_text(m, 16, "TcpClient"), member = heap_text(m, 16, "Connect"),
	         own = heap_text(m, 16, "Own"), function = heap_text(m, 16, "GetAsyncKeyState"), module = heap_text(m, 16, "user32.dll"),
	         assembly = heap_text(m, 16, "System");
	size_t strings_size = m->size - 16, tables = m->size;
	made_little(m, 0, 4), made_little(m, 2, 1), made_little(m, 0, 1), made_little(m, 0, 1), made_little(m, 1, 1);
	made_little(m, 1 << 0 | 1 << 1 | 1 << 2 | 1 << 4 | 1 << 0xa | 1 << 0x1a | 1 << 0x1c | 1ull << 0x23, 8);
	made_little(m, 0, 8);
	for (int i = 0; i < 8; i++)
		made_little(m, 1, 4);
	made_little(m, 0, 2), made_little(m, own, 2), made_little(m, 1, 2), made_little(m, 0, 4);                        /* Module */
	made_little(m, 1 << 2 | 2, 2), made_little(m, type, 2), made_little(m, space, 2);                                 /* TypeRef */
	made_little(m, 0, 4), made_little(m, own, 2), made_little(m, 0, 2), made_little(m, 0, 2), made_little(m, 1, 2), made_little(m, 1, 2);
	made_little(m, 0, 2), made_little(m, own, 2), made_little(m, 0, 2);                                               /* Field */
	made_little(m, 1 << 3 | 1, 2), made_little(m, member, 2), made_little(m, 0, 2);                                   /* MemberRef */
	made_little(m, module, 2);                                                                                        /* ModuleRef */
	made_little(m, 0, 2), made_little(m, 1 << 1 | 1, 2), made_little(m, function, 2), made_little(m, 1, 2);           /* ImplMap */
	made_little(m, 4, 8), made_little(m, 0, 4), made_little(m, 0, 2), made_little(m, assembly, 2), made_little(m, 0, 4);
	return streams(m, 16, strings_size, tables);
}

static void names_of_dotnet(void **state)
{
	made m;
	reading_case types = {.kind = "pe", .facts = make_dotnet(&m), .read = pb_names_dotnet}, native = types;
	(void)state;
	native.read = pb_names_native;
	assert_names(&types, &m, "System.Net.Sockets.TcpClient<System@36 System.Net.Sockets.TcpClient.Connect<System@46");
	assert_names(&native, &m, "GetAsyncKeyState<user32.dll@58");
	names_hostile(&types, &m);
	names_hostile(&native, &m);
	json_decref(types.facts);
}

/* Names that are looked up: whole texts that could be nothing else, in a program that opens libraries. */
static int names_in_elf(const pb_look *look, pb_name_fn fn, void *user)
{
	return pb_names_texts(look, "elf", fn, user);
}

static void names_in_texts(void **state)
{
	static const char with[] = "\0libX11.so.6\0XGetImage\0system\0connect to\0process_vm_readv\0cut_off_name";
	static const char without[] = "\0plugins/\0XGetImage";
	made m = {.size = 0}, none = {.size = 0};
	reading_case c = {.kind = "elf", .read = names_in_elf};
	(void)state;
	made_put(&m, with, sizeof with - 1);
	made_put(&none, without, sizeof without);
	c.modules = json_pack("{s:{s:[{s:s,s:i,s:i}]}}", "elf", "sections", "name", ".rodata", "offset", 0, "size", 4000);
	assert_names(&c, &m, "XGetImage@13 process_vm_readv@41");
	assert_names(&c, &none, "");
	names_hostile(&c, &m);
	json_decref(c.modules);
}

/* Two versions of one library, and a list that goes round in a circle. */
static void libraries_of_elf(void **state)
{
	made m = {.size = 0};
	pb_elf_versions v;
	(void)state;
	made_put(&m, "\177ELF\2\1\1\0", 8);
	made_text(&m, "");
	made_text(&m, "libc.so.6");
	made_put(&m, "\0\0\0\0\0", 5); /* to 24 */
	made_little(&m, 0, 2), made_little(&m, 3, 2), made_little(&m, 2, 2), made_little(&m, 0x8003, 2);
	size_t need = m.size;
	made_little(&m, 1, 2), made_little(&m, 2, 2), made_little(&m, 1, 4), made_little(&m, 16, 4), made_little(&m, 0, 4);
	for (int i = 0; i < 2; i++)
		made_little(&m, 0, 6), made_little(&m, i ? 9 : 3, 2), made_little(&m, 0, 4), made_little(&m, i ? 0 : 16, 4);
	pb_elf_dynamic d = {.strings = 8, .strings_size = 11, .version_symbols = 24, .version_need = need};
	pb_elf_versions_read((pb_bytes){m.data, m.size}, &d, &v);
	assert_int_equal(pb_elf_versions_library(&v, 0).size, 0);
	assert_int_equal(pb_elf_versions_library(&v, 2).size, 0);
	assert_memory_equal(pb_elf_versions_library(&v, 1).data, "libc.so.6", 10);
	assert_memory_equal(pb_elf_versions_library(&v, 3).data, "libc.so.6", 10);
	assert_int_equal(pb_elf_versions_library(&v, 1000).size, 0);
	m.data[need + 16 + 12] = 0; /* the first version's next: itself, as far as the count goes */
	m.data[need + 12] = 16;     /* and a next need */
	for (size_t n = 0; n < m.size; n++) {
		uint8_t *own = malloc(n ? n : 1);
		assert_non_null(own);
		memcpy(own, m.data, n);
		pb_elf_versions_read((pb_bytes){own, n}, &d, &v);
		(void)pb_elf_versions_library(&v, 1);
		free(own);
	}
}

/* The whole way: from the bytes to the fact. */
static void facts_of_programs(void **state)
{
	made m;
	make_macho(&m);
	json_t *facts = facts_of(state, m.data, m.size, "", "macho");
	assert_json(at(facts, "capabilities", NULL),
	            "[{\"at\":203,\"by\":\"NSPasteboard\",\"capability\":\"clipboard\",\"comment\":false,\"from\":\"AppKit\",\"how\":\"import\"},"
	            "{\"at\":185,\"by\":\"connect\",\"capability\":\"net-connect\",\"comment\":false,\"from\":\"libSystem.dylib\","
	            "\"how\":\"import\"}]");
	json_decref(facts);
	make_java(&m);
	facts = facts_of(state, m.data, m.size, ".class", "java-class");
	assert_json(at(facts, "capabilities", NULL),
	            "[{\"at\":105,\"by\":\"java.lang.Runtime.exec\",\"capability\":\"exec\",\"comment\":false,\"how\":\"import\"}]");
	assert_null(at(facts, "cut", NULL));
	json_decref(facts);
	facts = facts_of(state, m.data, m.size - 12, ".class", "java-class");
	assert_json(at(facts, "cut", NULL), "[\"capabilities\"]");
	json_decref(facts);
}

/* The capabilities of a script, in one line: "net-connect:urlopen exec:system# ..."; # = only in comments. */
static void assert_shown(void **state, const char *kind, const char *text, const char *expected)
{
	json_t *facts = facts_of_text(state, text, "", kind), *entry;
	pb_buf line = {0};
	size_t i;

	json_array_foreach (json_object_get(facts, "capabilities"), i, entry)
		pb_buf_printf(&line, "%s%s:%s%s", i ? " " : "", pb_json_str(entry, "capability", ""), pb_json_str(entry, "by", ""),
		              json_is_true(json_object_get(entry, "comment")) ? "#" : "");
	if (strcmp(line.data ? (char *)line.data : "", expected) != 0)
		fail_msg("%s\n  instead of\n%s\n  in\n%s", line.data ? (char *)line.data : "", expected, text);
	pb_buf_free(&line);
	json_decref(facts);
}

/* Words that look like a use and are none; beside each the use. */
static void false_friends(void **state)
{
	assert_shown(state, "python", "from urllib.parse import quote\nimport urllib.error\n", "");
	assert_shown(state, "python", "import os, urllib.request\n", "net-connect:http-client");
	assert_shown(state, "python", "from urllib import parse, request\n", "net-connect:urllib-request");
	assert_shown(state, "python", "def urlopen(url):\n    pass\n", "");
	assert_shown(state, "python", "x = urlopen(url)\n", "net-connect:urlopen");
	assert_shown(state, "python", "screen.listen()\n", "");
	assert_shown(state, "python", "self.sock.listen()\ns.listen(5)\n", "net-listen:listen");
	assert_shown(state, "python", "def f():\n    \"\"\"As os.system() does.\"\"\"\n    return 1\n", "exec:os-system#");
	assert_shown(state, "perl", "%h = ('system' => 1, exec => 2);\nprint \"of the system\";\nprint 'system ' . $x;\n", "");
	assert_shown(state, "perl", "if ($x) { system('ls', $y) }\n", "exec:system");
	assert_shown(state, "perl", "exec @argv or die;\n", "exec:system");
	assert_shown(state, "shell", "update-rc.d x remove\n", "");
	assert_shown(state, "shell", "update-rc.d x defaults >/dev/null\n", "persist:update-rc");
	assert_shown(state, "shell", "gpgversion=$(x --version)\n", "");
	assert_shown(state, "shell", "gpgv --keyring k x.sig\n", "crypto:signature-check");
	assert_shown(state, "javascript", "ls('/etc/init.d/ -m')\n", "");
	assert_shown(state, "javascript", "write('/etc/init.d/x', y)\n", "persist:autostart");
}

/* The same of what is perceived of people. */
static void false_friends_of_senses(void **state)
{
	assert_shown(state, "javascript", "client.userInfo(token); url.hostname\n", "");
	assert_shown(state, "javascript", "os.userInfo().uid\n", "identity:user-name");
	assert_shown(state, "javascript", "import { hostname, EOL } from 'node:os'\n", "identity:host-name");
	assert_shown(state, "javascript", "const { hostname } = new URL(u)\n", "");
	assert_shown(state, "javascript", "navigator.clipboard.writeText(x)\n", "clipboard:clipboard-write");
	assert_shown(state, "javascript", "const { clipboard } = electron; clipboard.readText()\n", "clipboard:electron-clipboard");
	assert_shown(state, "javascript", "title = 'Login Data of the team'\n", "");
	assert_shown(state, "javascript", "join(profile, 'Login Data')\n", "contacts:browser-passwords");
	assert_shown(state, "python", "x = 'the GetAsyncKeyState function'\n", "");
	assert_shown(state, "python", "u.GetAsyncKeyState(8)\n", "input-capture:win-hook");
	assert_shown(state, "python", "# git config user.email\nrun(['git', 'config', 'user.email'])\n", "identity:mail-of-git");
	assert_shown(state, "python", "run(['git', 'config', 'core.editor'])\n", "");
	assert_shown(state, "shell", "hostname -f; whoami\n", "");
	assert_shown(state, "shell", "report $(hostname) $(whoami)\n", "identity:host-name identity:user-name");
	assert_shown(state, "shell", "xinput list\n", "");
	assert_shown(state, "shell", "xinput test-xi2 --root\n", "input-capture:key-logger");
}

/* What a file declares, in one line: "camera:webcam(description) ...". */
static void assert_declares(void **state, const char *kind, const char *name_class, const void *bytes, size_t n, const char *expected)
{
	json_t *facts = facts_of(state, bytes, n, name_class, kind), *entry;
	pb_buf line = {0};
	size_t i;

	json_array_foreach (json_object_get(facts, "declares"), i, entry)
		pb_buf_printf(&line, "%s%s:%s(%s)", i ? " " : "", pb_json_str(entry, "capability", ""), pb_json_str(entry, "by", ""),
		              pb_json_str(entry, "in", ""));
	if (strcmp(line.data ? (char *)line.data : "", expected) != 0)
		fail_msg("%s\n  instead of\n%s", line.data ? (char *)line.data : "", expected);
	pb_buf_free(&line);
	json_decref(facts);
}

static void declared_by_packages(void **state)
{
	static const struct {
		const char *kind, *name_class, *text, *expected;
	} cases[] = {
	    {"json", "package.json", "{\"name\":\"x\",\"version\":\"1\",\"description\":\"Reads WebCams\"}", ""},
	    {"json", "package.json", "{\"name\":\"x\",\"version\":\"1\",\"description\":\"Opens a Webcam.\"}", "camera:webcam(description)"},
	    {"json", "package.json", "{\"name\":\"x\",\"version\":\"1\",\"keywords\":[\"node-keylogger\",\"geo-ip\"]}",
	     "location:geo(keywords) net-connect:ip(keywords) place:geo(keywords)"},
	    {"json", "package.json", "{\"name\":\"x\",\"version\":\"1\",\"dependencies\":{\"uiohook-napi\":\"1\",\"mssql\":\"1\"}}",
	     "input-capture:uiohook-napi(depends)"},
	    {"text", "control", "Package: x\nVersion: 1\nArchitecture: all\nSection: misc\nDepends: libc6 (>= 2), libcheese8 | libv4l-0\n"
	                        "Description: thing\n",
	     "camera:libcheese8(depends) camera:libv4l-0(depends)"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_declares(state, cases[i].kind, cases[i].name_class, cases[i].text, strlen(cases[i].text), cases[i].expected);
}

static void declared_by_permissions(void **state)
{
	static const struct {
		const char *kind, *text, *expected;
	} cases[] = {
	    {"json", "{\"manifest_version\":3,\"permissions\":[\"geolocation\",\"tabs\"],\"content_scripts\":[{\"matches\":[\"https://*/*\"]}]}",
	     "location:geolocation(permissions) net-connect:://(content_scripts)"},
	    {"json", "{\"permissions\":[\"geolocation\"]}", ""},
	    {"xml", "<plist><dict><key>NSCameraUsageDescription</key><string>x</string><key>Other</key></dict></plist>",
	     "camera:NSCameraUsageDescription(plist)"},
	    {"xml", "<manifest><uses-permission android:name=\"android.permission.CAMERA\"/><x android:name=\"android.permission.INTERNET\"/>",
	     "camera:android.permission.CAMERA(manifest)"},
	    {"ini", "[Application]\nname=x\n[Context]\nshared=ipc;network;\n[Other]\nsockets=pulseaudio\n",
	     "net-connect:shared=network(flatpak) net-listen:shared=network(flatpak)"},
	    {"yaml", "name: x\nconfinement: strict\nplugs:\n- home\napps:\n  x:\n    plugs: [camera, home]\n    y: location-observe\n",
	     "camera:camera(plugs)"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_declares(state, cases[i].kind, "", cases[i].text, strlen(cases[i].text), cases[i].expected);
}

/* A pool of four texts, an element <uses-permission android:name="android.permission.CAMERA"> and another one. */
static void make_android(made *m, bool utf8)
{
	static const char *const texts[] = {"name", "uses-permission", "android.permission.CAMERA", "activity"};
	size_t offsets = 8 + 28, start = 28 + 4 * 4;

	m->size = 0;
	made_little(m, 3, 2), made_little(m, 8, 2), made_little(m, 0, 4);
	made_little(m, 1, 2), made_little(m, 28, 2), made_little(m, 0, 4), made_little(m, 4, 4), made_little(m, 0, 4);
	made_little(m, utf8 ? 0x100 : 0, 4), made_little(m, start, 4), made_little(m, 0, 4), made_little(m, 0, 16);
	for (size_t i = 0; i < 4; i++) {
		size_t n = strlen(texts[i]);
		m->data[offsets + 4 * i] = (uint8_t)(m->size - 8 - start);
		made_little(m, n, utf8 ? 1 : 2);
		if (utf8)
			made_little(m, n, 1);
		for (size_t k = 0; k <= n; k++)
			made_little(m, (uint8_t)texts[i][k], utf8 ? 1 : 2);
	}
	m->data[12] = (uint8_t)(m->size - 8);
	for (int i = 0; i < 2; i++) {
		made_little(m, 0x102, 2), made_little(m, 16, 2), made_little(m, 56, 4), made_little(m, 1, 4), made_little(m, 0xffffffff, 4);
		made_little(m, 0xffffffff, 4), made_little(m, i ? 3 : 1, 4), made_little(m, 20, 2), made_little(m, 20, 2), made_little(m, 1, 2);
		made_little(m, 0, 6);
		made_little(m, 0xffffffff, 4), made_little(m, 0, 4), made_little(m, 2, 4), made_little(m, 8, 2), made_little(m, 0, 1);
		made_little(m, 3, 1), made_little(m, 2, 4);
	}
}

static void declared_by_android(void **state)
{
	for (int utf8 = 0; utf8 < 2; utf8++) {
		made m;
		prng random = prng_of_case(7, 2);
		make_android(&m, utf8);
		assert_declares(state, "android-xml", "", m.data, m.size, "camera:android.permission.CAMERA(manifest)");
		for (size_t n = 0; n < m.size; n += 3)
			json_decref(facts_of(state, memcpy((uint8_t[4096]){0}, m.data, n), n, "", "android-xml"));
		for (int i = 0; i < 500; i++) {
			made copy = m;
			for (int k = 0; k < 3; k++)
				copy.data[prng_in(&random, 8, (int)copy.size - 1)] = (uint8_t)prng_in(&random, 0, 255);
			json_decref(facts_of(state, copy.data, copy.size, "", "android-xml"));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_capability_has_rows), cmocka_unit_test(names_of_macho),   cmocka_unit_test(names_of_java),
	    cmocka_unit_test(names_of_dotnet),           cmocka_unit_test(names_in_texts),   cmocka_unit_test(libraries_of_elf),
	    cmocka_unit_test(facts_of_programs),         cmocka_unit_test(false_friends),
	    cmocka_unit_test(false_friends_of_senses),
	    cmocka_unit_test(declared_by_packages),      cmocka_unit_test(declared_by_permissions), cmocka_unit_test(declared_by_android),
	};
	return cmocka_run_group_tests(tests, facts_open, facts_close);
}
