/* Package URLs, as the purl specification writes them: "pkg:npm/%40scope/name@1.2.3". */
#ifndef PROBITY_FACTS_PURL_H
#define PROBITY_FACTS_PURL_H

/* type: "npm", "deb", ...; space: the namespace, its elements separated by '/', NULL or "": none; version NULL or "": none. Names are written as
 * their type wants them (pypi: lower case, with '-'; npm, deb, golang and some others in lower case). Fresh string, free it; NULL: no memory,
 * or no name. */
char *pb_purl(const char *type, const char *space, const char *name, const char *version);

#endif
