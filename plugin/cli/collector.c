/* probity-collect: the one program with a network. `probity` starts it, for one job, and hands it names; it sees no product. */
#include <stdio.h>
#include <stdlib.h>

#include "base/fs.h"
#include "bindings/bindings.h"
#include "collector/job.h"

int main(int argc, char **argv)
{
	char *data = pb_fs_data_dir();
	int status;

	(void)argv;
	if (argc > 1 || !data) {
		fputs("probity-collect is started by `probity collect`, `probity push` and `probity scan https://...`; see probity(1).\n", stderr);
		free(data);
		return 2;
	}
	status = pb_collector_main(data, &pb_bindings_table);
	free(data);
	return status;
}
