/* Documents that are lines of text. Private to evidence/. */
#ifndef PROBITY_EVIDENCE_LINES_H
#define PROBITY_EVIDENCE_LINES_H

#include "evidence/reader.h"

/* The next line of *rest without its end, which it is taken from; false: there is none. */
bool pb_doc_line_next(pb_bytes *rest, pb_bytes *line);
pb_bytes pb_doc_line_trim(pb_bytes b); /* without blanks and tabs at both ends */
/* "Name: value" at the first colon: both trimmed. False: no colon. */
bool pb_doc_line_field(pb_bytes line, pb_bytes *name, pb_bytes *value);
bool pb_doc_line_is(pb_bytes b, const char *text);    /* these bytes exactly */
bool pb_doc_line_is_word(pb_bytes b, const char *text); /* likewise, but for the case of a-z */
/* Refuses a text with a NUL byte or invalid UTF-8. */
bool pb_doc_lines_are_text(pb_reading *r, pb_bytes text);

#endif
