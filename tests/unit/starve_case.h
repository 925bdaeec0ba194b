/* The allocator of the whole program, libraries included, in which a test lets every allocation fail once. To be included by a test's one
 * file. Sanitizers have an allocator of their own: then SANITIZED is defined, and there is nothing of this. */
#ifndef PROBITY_TESTS_STARVE_CASE_H
#define PROBITY_TESTS_STARVE_CASE_H

#include <stdbool.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#endif

#ifndef SANITIZED

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

static bool counting;
static size_t left, live; /* allocations that still succeed; blocks that are not given back */

static bool granted(void)
{
	return !counting || left == 0 ? !counting : (left--, true);
}

/* In place of libc's, for the libraries as well. */
#define SEEN __attribute__((visibility("default")))

SEEN void *malloc(size_t size)
{
	void *block = granted() ? __libc_malloc(size) : NULL;

	live += counting && block != NULL;
	return block;
}

SEEN void *calloc(size_t n, size_t size)
{
	void *block = granted() ? __libc_calloc(n, size) : NULL;

	live += counting && block != NULL;
	return block;
}

SEEN void *realloc(void *block, size_t size)
{
	void *fresh = granted() ? __libc_realloc(block, size) : NULL;

	live += counting && block == NULL && fresh != NULL;
	return fresh;
}

SEEN void free(void *block)
{
	live -= counting && block != NULL;
	__libc_free(block);
}

/* The next n allocations succeed, then none does. */
static inline void starve(size_t n)
{
	left = n;
	live = 0;
	counting = true;
}

/* Blocks that were taken since, and not given back. */
static inline size_t fed(void)
{
	counting = false;
	return live;
}

#endif
#endif
