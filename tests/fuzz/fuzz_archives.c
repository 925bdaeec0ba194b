/* Readers of containers of our own, and of metadata in packages, over any bytes: squashfs, asar, what stands behind a cpio; gems, .PKGINFO,
 * snap.yaml, .nuspec, JSON, AndroidManifest.xml. */
#include <stdlib.h>
#include <string.h>

#include "facts/package.h"
#include "object/archive.h"
#include "object/cpio_rest.h"
#include "object/squashfs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint8_t sum; /* so that reading is not left out */

static void touch(pb_bytes b)
{
	for (size_t i = 0; i < b.size; i++)
		sum ^= b.data[i];
}

static int member(void *user, const char *name, pb_bytes bytes)
{
	(void)user;
	(void)name;
	touch(bytes);
	return 0;
}

static void limit(void *user, const pb_path *path, const char *why)
{
	(void)user;
	(void)path;
	(void)why;
}

static void open_all(pb_bytes b, const char *kind)
{
	static char name[] = "x";
	const pb_path path = {.part = {name}, .n = 1};
	const pb_budget budget = {.depth = 4, .members = 200, .member_bytes = 1 << 20, .total_bytes = 4 << 20, .ratio = 1000, .seconds = 10};
	uint64_t total = 0, members = 0;
	const pb_unpack how = {.budget = &budget, .total = &total, .members = &members, .path = &path, .limit = limit, .member = member};

	json_decref(pb_archive_list(b, pb_kind_named(kind), 500, NULL));
	(void)pb_archive_unpack(b, pb_kind_named(kind), &how);
}

static void read_package(pb_bytes b, const char *kind, const char *name_class)
{
	static pb_lists lists;
	static const pb_scan scan;
	pb_object object = {.bytes = b, .kind = pb_kind_named(kind)};
	pb_look look = {.object = &object, .scan = &scan, .lists = &lists, .facts = json_object()};

	strcpy(object.name_class, name_class);
	(void)pb_fact_package(&look);
	json_decref(look.facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pb_bytes b = {data, size};

	open_all(b, "squashfs");
	open_all(b, "asar");
	touch(pb_cpio_rest(b));
	touch(pb_squashfs_find(b));
	read_package(b, "text", ".pkginfo");
	read_package(b, "yaml", ".yaml");
	read_package(b, "xml", ".nuspec");
	read_package(b, "json", ".json");
	read_package(b, "android-xml", "androidmanifest.xml");
	return 0;
}
