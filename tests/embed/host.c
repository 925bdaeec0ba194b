/* A program that scans one file with libclamav and asks Probity about it: host DATABASE FILE. Built with
 *	cc -o host host.c $(pkg-config --cflags --libs probity libclamav) */
#include <clamav.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <probity.h>

static struct cl_engine *open_engine(const char *database)
{
	struct cl_engine *engine = cl_init(CL_INIT_DEFAULT) == CL_SUCCESS ? cl_engine_new() : NULL;
	unsigned signatures = 0;

	if (engine == NULL)
		return NULL;
	if (cl_load(database, engine, &signatures, CL_DB_STDOPT) == CL_SUCCESS &&
	    cl_engine_compile(engine) == CL_SUCCESS)
		return engine;
	(void)cl_engine_free(engine);
	return NULL;
}

int main(int argc, char **argv)
{
	struct cl_scan_options options = {.parse = ~0U};
	struct cl_engine *engine = argc == 3 ? open_engine(argv[1]) : NULL;
	int fd = engine != NULL ? open(argv[2], O_RDONLY) : -1;
	const char *signature = NULL, *alert;
	unsigned long scanned = 0;
	cl_error_t rc;

	if (fd < 0)
		return 2;
	if (probity_attach(engine, NULL) < 0)
		fprintf(stderr, "not assessed\n"); /* scanning goes on */
	(void)probity_scan_begin(engine, fd, argv[2]);
	rc = cl_scandesc(fd, argv[2], &signature, &scanned, engine, &options);
	probity_scan_end(rc, rc == CL_VIRUS ? signature : NULL);
	alert = probity_verdict();
	printf("%s: %s, %s\n", argv[2], rc == CL_VIRUS ? signature : cl_strerror(rc), alert ? alert : "no alert");
	probity_detach(engine);
	(void)close(fd);
	(void)cl_engine_free(engine);
	return 0;
}
