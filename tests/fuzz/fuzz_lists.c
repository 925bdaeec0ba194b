/* The lists over any bytes: the first byte says which list, or that the rest is a file of one. What is found is a key that stands in
 * what was asked for; a file is read, or refused with its line. */
#include <unistd.h>

#include "base/fs.h"
#include "facts/list.h"
#include "facts/lists.h"
#include "tests/fuzz/fuzz_case.h"

static void look_up(const pb_lists *lists, const uint8_t *data, size_t size)
{
	const pb_list *l;
	const char *const *row;
	size_t n = 0, looked = 0;

	while (pb_list_at(lists, n) != NULL)
		n++;
	l = n > 0 ? pb_list_at(lists, data[0] % n) : NULL;
	if (l == NULL)
		fuzz_give_up("no lists");
	row = pb_list_find(l, (pb_bytes){data + 1, size - 1}, &looked);
	if (row != NULL && (pb_list_get(l, row[0]) != row || strlen(row[0]) > size + 1))
		fuzz_give_up("a row that is not what was asked for");
	if (looked > PB_LIST_WHAT * 9)
		fuzz_give_up("too many keys");
}

static void read_file(const uint8_t *data, size_t size)
{
	static char dir[] = "/tmp/probity-fuzz-XXXXXX", *file;
	pb_lists lists = {0};
	pb_error err = {0};
	FILE *f;

	if (file == NULL && (mkdtemp(dir) == NULL || (file = pb_fs_join(dir, "a.tsv")) == NULL))
		fuzz_give_up("no folder");
	f = fopen(file, "wb");
	if (f == NULL || fwrite(data, 1, size, f) != size || fclose(f) != 0)
		fuzz_give_up("no file");
	if (pb_list_files_read(&lists, dir, &err) == PB_OK)
		for (size_t i = 0; i < lists.named[0].n_rows; i++) {
			const char *const *row = pb_list_row(&lists.named[0], i);
			if (pb_list_get(&lists.named[0], row[0]) != row)
				fuzz_give_up("a row that is not found by its key");
		}
	else if (err.text[0] == '\0')
		fuzz_give_up("refused without a reason");
	pb_list_files_free(&lists);
	(void)unlink(file);
	(void)rmdir(dir); /* made anew by the next input */
	free(file);
	file = NULL;
	memcpy(dir + sizeof dir - 7, "XXXXXX", 6);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static pb_lists *lists;
	const char *folder = getenv("PROBITY_DATA");
	pb_error err = {0};

	if (lists == NULL && pb_lists_open(folder != NULL ? folder : ".", &lists, &err) != PB_OK)
		fuzz_give_up(err.text);
	if (size > 0 && data[0] == '#')
		read_file(data, size);
	else if (size > 0)
		look_up(lists, data, size);
	return 0;
}
