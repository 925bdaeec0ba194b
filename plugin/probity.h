/* Probity for programs that scan with libclamav themselves, where preloading probity.so does not reach: statically
 * linked programs, libraries opened with RTLD_DEEPBIND, bindings that look libclamav's functions up in its handle.
 *
 *	probity_attach(engine, NULL);                       once an engine, after cl_engine_compile
 *	probity_scan_begin(engine, fd, path);               in the thread that scans
 *	rc = cl_scandesc(fd, path, &virname, ...);
 *	probity_scan_end(rc, rc == CL_VIRUS ? virname : NULL);
 *	alert = probity_verdict();                          NULL, or for instance "Probity.Reject.Trust19"
 *	probity_detach(engine);                             before cl_engine_free
 *
 * What libclamav shows of a scan goes to the keeper (probityd, or the socket that PROBITY_SOCKET names), which assesses
 * it. Nothing is parsed in this process, no thread is started, no signal is touched, no callback waits longer than the
 * keeper's configured few milliseconds. Where there is no keeper, scans just go on; the system's log says so once.
 *
 * All functions may be called by several threads at once. After fork(), a child opens a connection of its own. */
#ifndef PROBITY_H
#define PROBITY_H

#ifdef __cplusplus
extern "C" {
#endif

struct cl_engine;

#if defined(__GNUC__)
#define PROBITY_API __attribute__((visibility("default")))
#else
#define PROBITY_API
#endif

enum probity_result {
	PROBITY_OK = 0,
	PROBITY_PRELOADED = 1,  /* probity.so is in this process and sees all scans: these functions do nothing */
	PROBITY_ARGUMENT = -1,  /* no engine, or the same one again */
	PROBITY_NO_CLAMAV = -2, /* libclamav's functions were not found: see probity_host.resolve */
	PROBITY_NO_MEMORY = -3
};

/* A callback of libclamav, whatever its type: cast to this, it is cast back before it is called. */
typedef void (*probity_callback)(void);

/* What a host may have to say. All of it may be zero. */
typedef struct probity_host {
	unsigned long size; /* sizeof(struct probity_host): later versions may add to the end */

	/* The host's own callbacks of these kinds, as given to cl_engine_set_clcb_... Probity puts its own in their
	 * place and calls these from there, with the same arguments; what they return counts. */
	probity_callback file_inspection; /* clcb_file_inspection */
	probity_callback meta;            /* clcb_meta */
	probity_callback virus_found;     /* clcb_virus_found */
	probity_callback scan_pre_hash;   /* ClamAV 1.5: clcb_scan for CL_SCAN_CALLBACK_PRE_HASH */

	/* Finds a function of libclamav by name, for a host that opened the library itself. Asked first; NULL answers
	 * are looked up in the usual way. Of the whole process: the last one given counts. Needs to work as long as
	 * the process scans. Of a handle of dlopen: a function that returns dlsym(user, symbol). */
	void *(*resolve)(void *user, const char *symbol);
	void *user;

	/* More callbacks of the host's, as those above. */
	probity_callback pre_scan;      /* clcb_pre_scan */
	probity_callback scan_pre_scan; /* ClamAV 1.5: clcb_scan for CL_SCAN_CALLBACK_PRE_SCAN */
} probity_host;

/* "0.1.0" */
PROBITY_API const char *probity_version(void);

/* Puts Probity's callbacks into a compiled engine. host may be NULL; it is not kept. No connection is made before the
 * first scan. The host does not set callbacks of the kinds above on this engine while it is attached. Returns an enum
 * probity_result. */
PROBITY_API int probity_attach(struct cl_engine *engine, const probity_host *host);

/* Puts the host's callbacks back and forgets the engine. No scan with it may be running. */
PROBITY_API void probity_detach(struct cl_engine *engine);

/* Around each call of cl_scan*, in the same thread. fd: the descriptor that is scanned, -1 for a memory map or a path.
 * name: a path or any other name, may be NULL; it has to live until the end. Scans may be nested (in a callback).
 * result: what cl_scan* returned (of the *_ex forms: CL_VIRUS where the verdict says so); signature: the detection's
 * name, or NULL. An end without a begin does nothing. probity_scan_begin returns 1 where the scan will be assessed,
 * else 0; the end has to follow in both cases. */
PROBITY_API int probity_scan_begin(const struct cl_engine *engine, int fd, const char *name);
PROBITY_API void probity_scan_end(int result, const char *signature);

/* The keeper's answer to the outermost scan that this thread ended last, if that was clean. With `alert` configured it
 * is waited for up to the configured deadline; without, the answer is NULL at once. NULL: no alert. The text stays for
 * ever. Asked again: NULL. */
PROBITY_API const char *probity_verdict(void);

#ifdef __cplusplus
}
#endif

#endif
