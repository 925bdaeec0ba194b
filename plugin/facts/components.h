/* Private to this room: what is built into an object, as its own bytes say. */
#ifndef PROBITY_FACTS_COMPONENTS_H
#define PROBITY_FACTS_COMPONENTS_H

#include "facts/fields.h"

enum { PB_COMPONENTS = 20000, PB_COMPONENT_TEXT = 512 };

typedef struct pb_component {
	const char *from;                /* static: "dpkg-status", "go-buildinfo", ... */
	const char *type, *space;        /* of the purl; space may be NULL */
	pb_bytes group, name, version;   /* raw; group: the namespace where it is read from the bytes */
	pb_bytes source, source_version; /* Debian: the source package, where it is another one */
	bool whole_name;                 /* name holds the namespace: what stands before its last '/' */
} pb_component;

/* Adds it to the list, once. What has no name is nothing. 0 or PB_ENOMEM. */
int pb_component_add(pb_look *look, json_t *list, const pb_component *c);

int pb_components_dpkg(pb_look *look, json_t *list);   /* component_text.c: dpkg's list of what is installed */
int pb_components_alpine(pb_look *look, json_t *list); /* apk's */
int pb_components_maven(pb_look *look, json_t *list);  /* component_maven.c: pom.properties, pom.xml */
int pb_components_go(pb_look *look, json_t *list);     /* component_go.c: what Go leaves in a program */
int pb_components_banner(pb_look *look, json_t *list); /* banners.c: libraries that name themselves */

#endif
