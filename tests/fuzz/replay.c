/* Runs a fuzzer's function over files, as built by any compiler: replay/NAME FILE..., TAP. What libFuzzer once found stays
 * found. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/fs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILE_MOST = 64 << 20 };

int main(int argc, char **argv)
{
	int bad = 0;

	(void)printf("1..%d\n", argc - 1);
	(void)fflush(stdout); /* the next input may be the one that ends us */
	for (int i = 1; i < argc; i++) {
		pb_buf b = {0};
		pb_error err = {0};
		uint8_t *exact = NULL; /* no byte more, so that sanitizers see what reads past the end */
		bool good = pb_fs_read(argv[i], FILE_MOST, &b, &err) == PB_OK;

		if (good && b.size > 0) {
			exact = malloc(b.size);
			good = exact != NULL;
			for (size_t k = 0; good && k < b.size; k++)
				exact[k] = b.data[k];
		}
		good = good && LLVMFuzzerTestOneInput(exact, b.size) == 0;
		(void)printf("%sok %d - %s%s%s\n", good ? "" : "not ", i, argv[i], good ? "" : ": ", err.text);
		(void)fflush(stdout);
		bad += !good;
		free(exact);
		pb_buf_free(&b);
	}
	return bad > 0;
}
