/* Where are libclamav's own functions? */
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "clamav/hook.h"

#define PB_REAL_NAME(name) #name,
static const char *const names[PB_REAL_COUNT] = {PB_REALS(PB_REAL_NAME)};
#undef PB_REAL_NAME

static const char library_name[] = "libclamav.so.12";

static _Atomic(void *) found[PB_REAL_COUNT];
static char absent; /* its address in found: looked for, and this libclamav has none */
static _Atomic(void *) library;
static void *(*resolver)(void *user, const char *symbol);
static void *resolver_user;

/* A libclamav that the host opened with dlopen is in no scope that RTLD_NEXT sees. The handle is kept, so that the
 * functions found do not go away under us. */
static void *open_library(void)
{
	void *handle = atomic_load(&library);
	void *none = NULL;

	if (handle != NULL)
		return handle;
	handle = dlopen(library_name, RTLD_LAZY | RTLD_NOLOAD);
	if (handle != NULL && !atomic_compare_exchange_strong(&library, &none, handle)) {
		(void)dlclose(handle);
		handle = none;
	}
	return handle;
}

static void *find(const char *name)
{
	void *handle = open_library();
	void *symbol = resolver != NULL ? resolver(resolver_user, name) : NULL;

	if (symbol == NULL)
		symbol = dlsym(RTLD_NEXT, name);
	if (symbol == NULL && handle != NULL)
		symbol = dlsym(handle, name);
	if (symbol == NULL)
		(void)dlerror(); /* the host's next dlerror is not about our search */
	return symbol;
}

void *pb_real(enum pb_real which)
{
	void *symbol = atomic_load_explicit(&found[which], memory_order_acquire);
	int saved = errno;

	if (symbol == &absent)
		return NULL;
	/* A search that fails makes a message for dlerror, and callbacks ask for each object. Before libclamav is there
	 * nothing is known. */
	if (symbol == NULL && ((symbol = find(names[which])) != NULL || atomic_load(&library) != NULL))
		atomic_store_explicit(&found[which], symbol != NULL ? symbol : &absent, memory_order_release);
	errno = saved;
	return symbol;
}

void pb_real_resolver(void *(*resolve)(void *user, const char *symbol), void *user)
{
	resolver = resolve;
	resolver_user = user;
	for (int i = 0; i < PB_REAL_COUNT; i++) {
		void *none = &absent;
		(void)atomic_compare_exchange_strong(&found[i], &none, NULL);
	}
}

bool pb_real_preloaded(void)
{
	static const char ours[] = "probity.so";
	void *first = dlsym(RTLD_DEFAULT, "cl_engine_compile");
	const char *base;
	Dl_info where;

	(void)dlerror();
	if (first == NULL || dladdr(first, &where) == 0 || where.dli_fname == NULL)
		return false;
	base = strrchr(where.dli_fname, '/');
	return strncmp(base != NULL ? base + 1 : where.dli_fname, ours, sizeof ours - 1) == 0;
}
