/* Private to this room: what a piece of metadata declares. */
#ifndef PROBITY_FACTS_DECLARES_H
#define PROBITY_FACTS_DECLARES_H

#include "facts/provider.h"

typedef struct pb_declared {
	pb_look *look;
	json_t *list; /* the entries so far */
	json_t *seen; /* {"camera webcam": true} */
	bool failed;  /* memory ran out */
} pb_declared;

/* One word as it stands in the lists; where: in which field or file it stands ("description"). Unknown words are nothing. */
void pb_declared_word(pb_declared *d, pb_declares which, const char *word, size_t n, const char *where);

/* permissions.c: files that ask for permissions by name. Each looks whether the object is one. */
void pb_permissions_json(pb_declared *d); /* manifest.json of browser extensions */
void pb_permissions_xml(pb_declared *d);  /* Info.plist, entitlements, AndroidManifest.xml as a source */
void pb_permissions_text(pb_declared *d); /* flatpak's metadata, snap.yaml */
void pb_permissions_android(pb_declared *d); /* permissions_android.c: AndroidManifest.xml as it is in packages */

#endif
