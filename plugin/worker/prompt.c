#include "worker/prompt.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/text.h"
#include "checks/repl.h"
#include "facts/facts.h"
#include "facts/patterns_alone.h"
#include "wire/lane.h"
#include "worker/inside.h"
#include "worker/rules.h"

enum { WAIT_MS = 20, PATTERN_SECONDS = 60, LINE_SECONDS = 20 };

typedef struct kept {
	json_t *row;    /* {"path","kind","size"} */
	uint8_t *bytes; /* NULL: not kept */
	pb_object object;
} kept;

typedef struct prompt {
	const pb_rules *rules;
	int fd;
	pb_lane *lane;
	const _Atomic uint32_t *stop;
	kept *all;
	size_t n, cap, bytes, left_out, limits;
	pb_buf pieces;  /* of the object that comes next */
	pb_scanner *scanner;
	pb_repl *repl;  /* NULL: not begun */
	pb_scan scan;   /* of the object that is looked at */
	json_t *facts;
} prompt;

static int say(const prompt *p, pb_message type, uint32_t tag, json_t *value)
{
	char *text = value ? pb_json_canonical(value) : NULL;
	int rc = text ? pb_wire_send(p->fd, type, tag, text, strlen(text)) : PB_ENOMEM;
	free(text);
	json_decref(value);
	return rc;
}

/* ---- what comes by the lane ---- */

static json_t *row_of(const pb_lane_object *o)
{
	pb_buf copy = {0};
	json_t *record = NULL, *row = NULL;
	if (pb_buf_add(&copy, o->record, o->record_size) == 0)
		record = pb_json_parse((pb_bytes){copy.data, copy.size}, PB_LANE_TEXT, "an object record", NULL);
	char *path = pb_json_joined(json_object_get(record, "path"), " > ");
	if (path)
		row = json_pack("{s:s,s:s,s:I}", "path", path, "kind", o->kind, "size", (json_int_t)o->bytes.size);
	free(path);
	json_decref(record);
	pb_buf_free(&copy);
	return row;
}

static int grow(prompt *p)
{
	size_t cap = p->cap ? 2 * p->cap : 64;
	if (p->n < p->cap)
		return 0;
	kept *more = realloc(p->all, cap * sizeof *more);
	if (!more)
		return PB_ENOMEM;
	p->all = more;
	p->cap = cap;
	return 0;
}

static int keep(prompt *p, const pb_lane_object *o)
{
	kept k = {.object = {.kind = pb_kind_named(o->kind)}};
	size_t size = o->bytes.size;
	if (!k.object.kind || p->n >= PB_PROMPT_OBJECTS) {
		p->left_out++;
		return 0;
	}
	k.row = row_of(o);
	if (!k.row || grow(p)) {
		json_decref(k.row);
		return PB_ENOMEM;
	}
	if (o->spread && p->pieces.size == size) {
		k.bytes = p->pieces.data;
		p->pieces = (pb_buf){0};
		p->bytes += size;
	} else if (!o->spread && size <= PB_PROMPT_BYTES - p->bytes && (k.bytes = malloc(size ? size : 1))) {
		if (size)
			memcpy(k.bytes, o->bytes.data, size);
		p->bytes += size;
	} else {
		p->left_out++;
	}
	k.object.bytes = (pb_bytes){k.bytes, k.bytes ? size : 0};
	memcpy(k.object.name_class, o->name_class, sizeof k.object.name_class);
	memcpy(k.object.sha256, o->sha256, sizeof k.object.sha256);
	memcpy(k.object.clam_type, o->clam_type, sizeof k.object.clam_type);
	p->all[p->n++] = k;
	return 0;
}

/* What does not fit is not kept: then there are fewer bytes than the object says. */
static void keep_piece(prompt *p, pb_bytes text)
{
	uint64_t at;
	pb_bytes piece;
	if (!pb_lane_piece(text, &at, &piece))
		return;
	if (at == 0)
		pb_buf_free(&p->pieces);
	if (at == p->pieces.size && piece.size <= PB_PROMPT_BYTES - p->bytes - p->pieces.size)
		(void)pb_buf_add(&p->pieces, piece.data, piece.size);
}

/* 1: an entry was taken; 0: none is there; a code. */
static int take(prompt *p)
{
	pb_lane_entry e;
	int rc = pb_lane_take(p->lane, &e, 0);
	if (rc <= 0)
		return rc;
	rc = e.is_object ? keep(p, &e.object) : 0;
	if (!e.is_object && e.type == PB_MSG_PIECE)
		keep_piece(p, e.text);
	if (!e.is_object && e.type == PB_MSG_LIMIT)
		p->limits++;
	bool done = !e.is_object && e.type == PB_MSG_DONE;
	uint32_t tag = e.tag;
	pb_lane_done(p->lane);
	if (!rc && done)
		rc = say(p, PB_MSG_DONE, tag, json_pack("{s:I}", "objects", (json_int_t)p->n));
	return rc ? rc : 1;
}

static int take_all(prompt *p)
{
	int rc;
	while ((rc = take(p)) == 1)
		;
	return rc;
}

/* ---- what lines look at ---- */

static const json_t *row(void *user, size_t i)
{
	const prompt *p = user;
	return i < p->n ? p->all[i].row : NULL;
}

static void forget(prompt *p)
{
	pb_scan_free(&p->scan);
	json_decref(p->facts);
	p->facts = NULL;
}

static int choose(void *user, size_t i, pb_object_view *view, pb_error *err)
{
	prompt *p = user;
	const kept *k = &p->all[i];
	if (!k->bytes)
		return pb_fail(err, PB_ELIMIT, "its bytes are not kept: all objects together have more than %zu MiB", PB_PROMPT_BYTES >> 20);
	forget(p);
	int rc = pb_scanner_run(p->scanner, k->object.bytes, pb_group_of(k->object.kind), &p->scan);
	if (rc)
		return pb_fail(err, rc, "out of memory while scanning");
	rc = pb_facts_of(&k->object, &p->scan, p->rules->lists, &p->facts, err);
	if (rc)
		return rc;
	*view = (pb_object_view){.object = &k->object, .facts = p->facts, .scan = &p->scan, .source = UINT32_MAX};
	return 0;
}

static json_t *yara(void *user, const pb_object *object, const char *text, pb_error *err)
{
	(void)user;
	const pb_pattern_source source = {.space = "input", .text = text, .file = "input", .line = 1};
	pb_alone *alone = NULL;
	uint64_t took;
	if (pb_alone_new(&source, LINE_SECONDS, &alone, err))
		return NULL;
	json_t *told = pb_alone_run(alone, object->bytes, &took);
	pb_alone_free(alone);
	if (!told)
		pb_fail(err, PB_ENOMEM, "out of memory");
	return told;
}

/* ---- what is asked ---- */

static int begin(prompt *p)
{
	pb_error err = {0};
	pb_repl_host host = {.user = p, .n = p->n, .row = row, .choose = choose, .first_source = p->rules->first_source, .yara = yara};
	int rc = take_all(p);
	host.n = p->n;
	if (!rc)
		rc = pb_repl_open(p->rules->catalogue, &host, p->stop, &p->repl, &err);
	if (rc)
		return pb_wire_send(p->fd, PB_MSG_ERROR, 0, err.text, strlen(err.text));
	return say(p, PB_MSG_RESULT, 0, json_pack("{s:I,s:I,s:I}", "objects", (json_int_t)p->n, "limits", (json_int_t)p->limits, "left_out",
	                                           (json_int_t)p->left_out));
}

/* Where words were cut in the middle of a character. */
static void mend(pb_buf *out)
{
	uint32_t c;
	for (size_t at = 0, n; at < out->size; at += n) {
		n = pb_text_decode(out->data + at, out->size - at, &c);
		if (n == 0 || c == 0)
			out->data[at] = '?';
		n = n ? n : 1;
	}
}

static int line(prompt *p, const char *text)
{
	static const char *const ends[] = {[PB_REPL_DONE] = "done", [PB_REPL_MORE] = "more", [PB_REPL_FAILED] = "failed"};
	pb_buf out = {0};
	int rc = pb_buf_puts(&out, "");
	pb_repl_end end = pb_repl_eval(p->repl, text, strlen(text), &out);
	mend(&out);
	rc = rc ? rc : say(p, PB_MSG_RESULT, 0, json_pack("{s:s,s:s%}", "end", ends[end], "out", (char *)out.data, out.size));
	pb_buf_free(&out);
	return rc;
}

static int answer(prompt *p, const json_t *asked)
{
	const char *what = pb_json_str(asked, "do", ""), *text = pb_json_str(asked, "text", "");
	if (strcmp(what, "lost") == 0) {
		int rc = take_all(p);
		return rc ? rc : say(p, PB_MSG_RESULT, 0, json_object());
	}
	if (strcmp(what, "begin") == 0 && !p->repl)
		return begin(p);
	if (strcmp(what, "line") == 0 && p->repl)
		return line(p, text);
	if (strcmp(what, "complete") == 0 && p->repl) {
		json_t *words = pb_repl_complete(p->repl, text);
		return words ? say(p, PB_MSG_RESULT, 0, json_pack("{s:o}", "words", words)) : PB_ENOMEM;
	}
	return PB_ECORRUPT;
}

static int hear(prompt *p)
{
	pb_message type;
	uint32_t tag;
	pb_buf in = {.max = PB_LANE_TEXT};
	int rc = pb_wire_receive(p->fd, &type, &tag, &in, NULL);
	json_t *asked = rc == 1 && type == PB_MSG_JOB ? pb_json_parse((pb_bytes){in.data, in.size}, PB_LANE_TEXT, "a question", NULL) : NULL;
	pb_buf_free(&in);
	if (rc == 1)
		rc = answer(p, asked) == 0 ? 1 : PB_EIO;
	json_decref(asked);
	return rc;
}

static int work(prompt *p)
{
	for (;;) {
		struct pollfd socket = {.fd = p->fd, .events = POLLIN};
		int rc = p->repl ? 0 : take(p);
		if (rc < 0)
			return 1;
		if (rc == 1)
			continue;
		if (poll(&socket, 1, p->repl ? -1 : WAIT_MS) > 0 && (rc = hear(p)) != 1)
			return rc == 0 ? 0 : 1;
	}
}

static int open_all(prompt *p, const pb_role_args *args, pb_error *err)
{
	p->fd = args->fd[0];
	p->lane = pb_lane_open(args->fd[1], false, err);
	if (!p->lane)
		return err->code;
	p->scanner = pb_scanner_new(p->rules->patterns, PATTERN_SECONDS);
	void *stop = args->fd[2] >= 0 ? mmap(NULL, PB_PROMPT_STOP, PROT_READ, MAP_SHARED, args->fd[2], 0) : MAP_FAILED;
	if (!p->scanner || stop == MAP_FAILED)
		return pb_fail(err, PB_ENOMEM, "no memory for the prompt");
	p->stop = stop;
	if (pb_catalogue_shelve(p->rules->catalogue, err))
		return err->code;
	return pb_inside(args, &args->fd[0], 1, 0, err);
}

int pb_prompt_main(void *state, const pb_role_args *args)
{
	prompt p = {.rules = state};
	pb_error err = {0};
	int rc = open_all(&p, args, &err);
	if (rc)
		(void)pb_wire_send(args->fd[0], PB_MSG_ERROR, 0, err.text, strlen(err.text));
	rc = rc ? 1 : work(&p);
	pb_repl_close(p.repl);
	forget(&p);
	for (size_t i = 0; i < p.n; i++) {
		json_decref(p.all[i].row);
		free(p.all[i].bytes);
	}
	free(p.all);
	pb_buf_free(&p.pieces);
	pb_scanner_free(p.scanner);
	pb_lane_free(p.lane);
	return rc;
}
