/* A host for tests: does with libclamav what its arguments say, one by one, and prints what libclamav tells it.
 *	new compile free          an engine; engines are a stack, the last one is used
 *	listen                    the host's own callbacks (inspection, meta, virus_found, pre_cache, pre_scan)
 *	refuse                    from now on its inspection wants what is called "left" left closed
 *	scan FILE  desc FILE  map TEXT  ex FILE    by the four kinds of functions
 *	allmatch                  from now on
 *	nest FILE                 the next inspected object makes the callback scan FILE, with the same engine
 *	reload                    as clamd does: settings copied to a new engine; the old one is freed
 *	thread FILE  fork FILE    scans there
 *	cache                     prints whether the clean cache is off
 *	closeall                  closes every descriptor above 2 and opens a file in their place
 *	fds                       prints how many descriptors are open
 *	sleep MS   signals        dispositions and mask as they were at the start? */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clamav/cl.h"

static struct cl_engine *engines[8], *engine;
static int n_engines;
static struct cl_scan_options options;
static const char *nested;
static int refusing;

static void scan(const char *how, const char *file);

static cl_error_t on_inspect(int fd, const char *type, const char **ancestors, size_t parent_size, const char *name,
                             size_t size, const char *buffer, uint32_t level, uint32_t attributes, void *context)
{
	const char *file = nested;

	(void)fd, (void)ancestors, (void)parent_size, (void)buffer, (void)attributes;
	printf("  host inspects %s %s %zu level %u for %s\n", type, name != NULL ? name : "-", size, level,
	       (const char *)context);
	nested = NULL;
	if (file != NULL)
		scan("scan", file);
	return refusing && name != NULL && strcmp(name, "left") == 0 ? CL_BREAK : CL_CLEAN;
}

static cl_error_t on_pre_scan(int fd, const char *type, void *context)
{
	(void)fd;
	printf("  host opens %s for %s\n", type, (const char *)context);
	return CL_CLEAN;
}

static cl_error_t on_meta(const char *type, unsigned long packed, const char *name, unsigned long size, int encrypted,
                          unsigned int position, void *context)
{
	(void)type, (void)packed, (void)encrypted, (void)position;
	printf("  host meta %s %lu for %s\n", name, size, (const char *)context);
	return CL_CLEAN;
}

static void on_found(int fd, const char *name, void *context)
{
	(void)fd;
	printf("  host found %s for %s\n", name, (const char *)context);
}

static cl_error_t on_pre_cache(int fd, const char *type, void *context)
{
	(void)fd, (void)type;
	printf("  host pre_cache for %s\n", (const char *)context);
	return CL_CLEAN;
}

static void listen_to(struct cl_engine *e)
{
	cl_engine_set_clcb_file_inspection(e, on_inspect);
	cl_engine_set_clcb_meta(e, on_meta);
	cl_engine_set_clcb_virus_found(e, on_found);
	cl_engine_set_clcb_pre_cache(e, on_pre_cache);
	cl_engine_set_clcb_pre_scan(e, on_pre_scan);
}

static void say(const char *file, cl_error_t rc, const char *name)
{
	printf("%s: %d %s\n", file, (int)rc, rc == CL_VIRUS ? name : "-");
}

static void scan(const char *how, const char *file)
{
	const char *name = NULL;
	unsigned long scanned = 0;
	cl_error_t rc = CL_EARG;

	if (strcmp(how, "scan") == 0) {
		rc = cl_scanfile_callback(file, &name, &scanned, engine, &options, (void *)"ctx");
	} else if (strcmp(how, "map") == 0) {
		cl_fmap_t *map = cl_fmap_open_memory(file, strlen(file));
		rc = cl_scanmap_callback(map, "a map", &name, &scanned, engine, &options, (void *)"ctx");
		cl_fmap_close(map);
	} else {
		int fd = open(file, O_RDONLY);
		if (strcmp(how, "desc") == 0)
			rc = cl_scandesc_callback(fd, NULL, &name, &scanned, engine, &options, (void *)"ctx");
#ifdef FAKE_15
		cl_verdict_t verdict = 9;
		uint64_t much = 0;
		if (strcmp(how, "ex") == 0) {
			rc = cl_scandesc_ex(fd, file, &verdict, &name, &much, engine, &options, (void *)"ctx", NULL,
			                    NULL, NULL, NULL, NULL);
			printf("verdict %d alert %s\n", (int)verdict, name != NULL ? name : "-");
		}
#endif
		close(fd);
	}
	say(file, rc, name);
}

static void reload(void)
{
	struct cl_settings *settings = cl_engine_settings_copy(engine);
	struct cl_engine *fresh = cl_engine_new();

	(void)cl_engine_settings_apply(fresh, settings);
	(void)cl_engine_settings_free(settings);
	(void)cl_engine_compile(fresh);
	(void)cl_engine_free(engine);
	engine = engines[n_engines - 1] = fresh;
}

static void *in_thread(void *file)
{
	scan("scan", file);
	return NULL;
}

static int open_descriptors(void)
{
	struct rlimit limit;
	int n = 0;

	getrlimit(RLIMIT_NOFILE, &limit);
	for (int fd = 0; fd < (int)limit.rlim_cur && fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void close_all(void)
{
	FILE *f;

	for (int fd = 3; fd < 256; fd++)
		close(fd);
	for (int fd = 3; fd < 16; fd++) {
		char name[64];
		(void)snprintf(name, sizeof name, "taken.%d", fd);
		f = fopen(name, "w");
		if (f == NULL)
			abort();
	}
}

static struct sigaction at_start[32];
static sigset_t mask_at_start;

static int signals_changed(void)
{
	struct sigaction now;
	sigset_t mask = {0};
	int changed = 0;

	for (int i = 1; i < 32; i++)
		if (sigaction(i, NULL, &now) == 0)
			changed += now.sa_handler != at_start[i].sa_handler;
	sigprocmask(SIG_BLOCK, NULL, &mask);
	return changed + (memcmp(&mask, &mask_at_start, sizeof mask) != 0);
}

/* How many arguments it took. */
static int command(const char *word, char *next)
{
	pthread_t t;
	pid_t child;

	if (strcmp(word, "new") == 0)
		engine = engines[n_engines++] = cl_engine_new();
	else if (strcmp(word, "compile") == 0)
		(void)cl_engine_compile(engine);
	else if (strcmp(word, "listen") == 0)
		listen_to(engine);
	else if (strcmp(word, "refuse") == 0)
		refusing = 1;
	else if (strcmp(word, "allmatch") == 0)
		options.general |= CL_SCAN_GENERAL_ALLMATCHES;
	else if (strcmp(word, "reload") == 0)
		reload();
	else if (strcmp(word, "cache") == 0)
		printf("cache off: %lld\n", cl_engine_get_num(engine, CL_ENGINE_DISABLE_CACHE, NULL));
	else if (strcmp(word, "closeall") == 0)
		close_all();
	else if (strcmp(word, "fds") == 0)
		printf("descriptors: %d\n", open_descriptors());
	else if (strcmp(word, "signals") == 0)
		printf("signals changed: %d\n", signals_changed());
	else if (strcmp(word, "free") == 0) {
		(void)cl_engine_free(engine);
		engine = --n_engines > 0 ? engines[n_engines - 1] : NULL;
	} else {
		if (strcmp(word, "nest") == 0)
			nested = next;
		else if (strcmp(word, "sleep") == 0)
			nanosleep(&(struct timespec){atoi(next) / 1000, atoi(next) % 1000 * 1000000L}, NULL);
		else if (strcmp(word, "thread") == 0) {
			pthread_create(&t, NULL, in_thread, next);
			pthread_join(t, NULL);
		} else if (strcmp(word, "fork") == 0) {
			fflush(stdout);
			child = fork();
			if (child == 0) {
				scan("scan", next);
				exit(0);
			}
			waitpid(child, NULL, 0);
		} else
			scan(word, next);
		return 2;
	}
	return 1;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < 32; i++)
		(void)sigaction(i, NULL, &at_start[i]);
	sigprocmask(SIG_BLOCK, NULL, &mask_at_start);
	for (int i = 1; i < argc;)
		i += command(argv[i], i + 1 < argc ? argv[i + 1] : NULL);
	return 0;
}
