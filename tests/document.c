/* Prints what the readers of evidence make of files: one record a line. build/document FILE... */
#include <stdio.h>
#include <stdlib.h>

#include "base/fs.h"
#include "evidence/document.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		pb_buf b = {0};
		pb_error err = {0};
		json_t *record;
		char *text;

		if (pb_fs_read(argv[i], (size_t)PB_DOCUMENT_MAX + 1, &b, &err) != PB_OK) {
			(void)fprintf(stderr, "%s\n", err.text);
			return 2;
		}
		record = pb_document_read(argv[i], (pb_bytes){b.data, b.size});
		text = record != NULL ? pb_json_canonical(record) : NULL;
		if (text == NULL || puts(text) < 0)
			return 2;
		free(text);
		json_decref(record);
		pb_buf_free(&b);
	}
	return 0;
}
