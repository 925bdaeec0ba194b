#include "worker/evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence/dossier.h"
#include "evidence/openpgp.h"
#include "evidence/publickey.h"
#include "wire/message.h"
#include "worker/inside.h"

#define INPUT_MAX ((uint64_t)1 << 30)
#define PRODUCT_MAX ((uint64_t)4 << 30) /* larger ones have no package signature that is looked at */

/* What others could still change or cut short is not used where it lies. */
static int map_input(int fd, pb_bytes *out, pb_error *err)
{
	const int wanted = F_SEAL_WRITE | F_SEAL_SHRINK;
	struct stat st;
	if (fstat(fd, &st) != 0 || st.st_size <= 0 || (uint64_t)st.st_size > INPUT_MAX || (fcntl(fd, F_GET_SEALS) & wanted) != wanted)
		return pb_fail(err, PB_ECORRUPT, "its input is empty, not sealed, or larger than 1 GiB");
	void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return pb_fail(err, PB_ENOMEM, "no memory for its input: %s", strerror(errno));
	*out = (pb_bytes){p, (size_t)st.st_size};
	return 0;
}

/* A product that somebody cuts short meanwhile ends this process, and nothing else. */
static pb_bytes map_product(int fd)
{
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 || (uint64_t)st.st_size > PRODUCT_MAX)
		return (pb_bytes){NULL, 0};
	void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	return p == MAP_FAILED ? (pb_bytes){NULL, 0} : (pb_bytes){p, (size_t)st.st_size};
}

static json_t *read_all(pb_bytes input, pb_bytes product, pb_error *err)
{
	const uint8_t *end = memchr(input.data, '\n', input.size);
	json_t *head = NULL, *out = NULL;
	if (!end) {
		pb_fail(err, PB_ECORRUPT, "its input has no first line");
		return NULL;
	}
	size_t n = (size_t)(end - input.data);
	head = pb_json_parse(pb_slice(input, 0, n), INPUT_MAX, "its input", err);
	if (!head)
		return NULL;
	pb_dossier_input in = {.files = json_object_get(head, "files"),
	                       .bytes = pb_slice(input, n + 1, SIZE_MAX),
	                       .roots = json_object_get(head, "roots"),
	                       .product = product,
	                       .product_name = pb_json_str(json_object_get(head, "product"), "name", ""),
	                       .as_of = pb_json_int(head, "as_of", 0)};
	if (!json_is_array(in.files) || !json_is_array(in.roots))
		pb_fail(err, PB_ECORRUPT, "its input: the first line is malformed");
	else
		pb_dossier_read(&in, &out, err);
	json_decref(head);
	return out;
}

int pb_evidence_main(void *state, const pb_role_args *args)
{
	pb_error err = {0};
	pb_bytes input = {NULL, 0}, product = map_product(args->fd[2]);
	json_t *all = NULL;
	int rc = map_input(args->fd[1], &input, &err);
	(void)state;
	int held[] = {args->fd[0], pb_openpgp_warm()}; /* also where librnp has its randomness from */
	pb_verifier_warm();
	/* Mapped before: what is mapped does not count as memory of what reads it. */
	rc = rc ? rc : pb_inside(args, held, held[1] < 0 ? 1 : 2, 0, &err);
	if (!rc)
		all = read_all(input, product, &err);
	char *text = all ? json_dumps(all, JSON_COMPACT) : NULL;
	const char *words = err.code ? err.text : "out of memory";
	if (text && strlen(text) <= PB_WIRE_MAX)
		rc = pb_wire_send(args->fd[0], PB_MSG_RESULT, 0, text, strlen(text));
	else {
		words = text ? "what the documents say is larger than a message can be" : words;
		rc = pb_wire_send(args->fd[0], PB_MSG_ERROR, 0, words, strlen(words));
	}
	rc = rc ? rc : pb_wire_send(args->fd[0], PB_MSG_DONE, 0, "{}", 2);
	free(text);
	json_decref(all);
	return rc ? 1 : 0;
}
