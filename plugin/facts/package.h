/* Private to this room: metadata of packages that need no fact of their own, in one shape (probity.PackageFact). */
#ifndef PROBITY_FACTS_PACKAGE_H
#define PROBITY_FACTS_PACKAGE_H

#include "facts/fields.h"

/* Each looks whether the object is such metadata and fills the fact: 0, also where it is not, or PB_ENOMEM. It is one where "kind" is set. */
int pb_package_gem(pb_look *look, json_t *package);     /* package_text.c: metadata of a .gem */
int pb_package_pkginfo(pb_look *look, json_t *package); /* .PKGINFO of pacman and of Alpine's apk */
int pb_package_snap(pb_look *look, json_t *package);    /* snap.yaml */
int pb_package_nuspec(pb_look *look, json_t *package);
int pb_package_json(pb_look *look, json_t *package);    /* package_json.c: browser extensions, conda, container images */
int pb_package_android(pb_look *look, json_t *package); /* package_android.c: AndroidManifest.xml as it is in packages */

/* Sets or adds a text in display form; an empty one is nothing. 0 or PB_ENOMEM. */
int pb_package_put(json_t *package, const char *key, pb_bytes value);
int pb_package_add(json_t *package, const char *key, pb_bytes value);
int pb_package_kind(json_t *package, const char *kind);

#endif
