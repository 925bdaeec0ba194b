/* What a reader may ask a running keeper, over the same socket that hooks use: one JSON request, answers as JSON lines
 * in a memfd. */
#ifndef PROBITY_KEEPER_QUERY_H
#define PROBITY_KEEPER_QUERY_H

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "store/store.h"

/* Packet types beside wire/event.h's: uint32 type, then JSON text (the answer: none, and a memfd sealed against writing
 * and shrinking). */
enum {
	PB_STREAM_QUERY = 64,
	PB_STREAM_ANSWER = 65,
	PB_QUERY_MAX = 65536, /* bytes of a request */
	PB_QUERY_VALID = 100, /* as below, of a list with "valid" */
	PB_QUERY_ROWS = 1000, /* most lines that one list or log answers: go on with "before": the last number got */
	PB_QUERY_LINE = 512 << 20, /* longest line of an answer */
};
#define PB_QUERY_ANSWER ((int64_t)1 << 30) /* most bytes of an answer */

/* Client: connects to socket (NULL: $PROBITY_SOCKET, else PB_SOCKET_DEFAULT), asks, and gives every answer line to each
 * (borrowed for the call; non-zero stops and is returned). Requests and their answers:
 *   {"do":"list","decision"?,"name"?,"sha256"?,"since"?,"until"?,"policy"?,"below"?,"valid"?,"before"?,"limit"?}  a line
 * each, newest first: pb_stored_json (store/store.h); below: tenths of trust; valid, not 0: with "valid_until"
 *   {"do":"show","id":n}            its line, then the report as it is kept (no second line where there is none)
 *   {"do":"log","before"?,"limit"?} the log's own lines, newest first
 *   {"do":"verify","head"?}         {"holds":true|false,"lines":n,"head":"...","why":"...","noted"?:n}; head: a digest
 * that was noted before, noted: the line that has it (where none has, the log does not hold)
 *   {"do":"status"}, {"do":"reload"} (the last: root and the keeper's user only): the keeper's, not answered here.
 * An answer line {"error":"..."} becomes PB_EINPUT. PB_EIO: no keeper listens there, or it does not answer in time (err
 * names the socket and says what to do). PB_ECORRUPT: its answer is nonsense. timeout_ms: for the whole. */
int pb_query_ask(const char *socket, const json_t *request, int timeout_ms, int (*each)(void *user, const json_t *line),
                 void *user, pb_error *err);

/* The lines of an answer, one after the other; what pb_query_ask does with those it got. 0, what each returned, or a
 * code as above. */
int pb_query_lines(const void *text, size_t n, int (*each)(void *user, const json_t *line), void *user, pb_error *err);

/* Keeper: answers list, show, log and verify from the store (may be NULL: "no store"); uid: only what this user asked
 * for, unless may_read; log and verify need may_read. Others are unknown here (returns 0); 1 = answered (with an error
 * line where the store failed) into out, appended; PB_ENOMEM, PB_ELIMIT (no room even for an error): out is as before.
 * request is hostile. verify reads the whole store: minutes for many gigabytes, so do it in a process of its own. */
int pb_query_answer(pb_store *store, const json_t *request, int64_t uid, bool may_read, pb_buf *out, pb_error *err);

/* Sends one answer packet with the lines in a memfd. 0 or PB_EIO. Never waits for the other side. */
int pb_query_reply(int socket, const pb_buf *lines);

#endif
