/* Debian's control files: stanzas of "Field: value" with continued lines. Private to evidence/. */
#ifndef PROBITY_EVIDENCE_DEB822_H
#define PROBITY_EVIDENCE_DEB822_H

#include "evidence/reader.h"

enum { PB_STANZA_FIELDS = 200 };

typedef struct pb_stanza {
	struct {
		pb_bytes name;
		pb_bytes value; /* from behind the colon to the end of the last continued line, as it stands; "" is empty */
	} fields[PB_STANZA_FIELDS];
	size_t n;
} pb_stanza;

/* The next stanza of *rest, taken from it. False: there is none left, or r has a fault now. *line counts lines, for faults. */
bool pb_stanza_next(pb_reading *r, pb_bytes *rest, size_t *line, pb_stanza *out);
/* The value of a field, trimmed; empty where it is absent. */
pb_bytes pb_stanza_get(const pb_stanza *s, const char *name);
bool pb_stanza_has(const pb_stanza *s, const char *name);

bool pb_is_deb822(const pb_reading *r);
void pb_read_deb822(pb_reading *r);

/* deb822_files.c: the files of "Files", "MD5Sum", "Checksums-Sha256", "SHA256", ...: rows of list {"name","size", digests}; and of subjects where wanted. */
void pb_deb822_files(pb_reading *r, const pb_stanza *s, json_t *list, bool subjects);

#endif
