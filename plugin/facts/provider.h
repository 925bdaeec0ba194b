/* Private to this room: what one provider of a fact sees and does. A provider is one function and one line in the table of
 * facts.c; providers run in the order of that table, so a later one may read the facts of an earlier one. */
#ifndef PROBITY_FACTS_PROVIDER_H
#define PROBITY_FACTS_PROVIDER_H

#include "facts/facts.h"
#include "facts/lists.h"

enum { PB_LOOK_TAGS = 24 };

typedef struct pb_look {
	const pb_object *object;
	const pb_scan *scan;
	const pb_lists *lists;
	json_t *facts;                  /* made so far */
	const char *tags[PB_LOOK_TAGS]; /* static strings */
	size_t n_tags;
	pb_comments *comments; /* made at the first question */
	bool lexed;
} pb_look;

typedef int (*pb_provider_fn)(pb_look *look); /* 0 (also where there is nothing to say) or PB_ENOMEM */

void pb_look_tag(pb_look *look, const char *tag); /* one of pb_fact_tags(), static; added once */
bool pb_look_comment(pb_look *look, uint64_t at);
int pb_look_set(pb_look *look, const char *fact, json_t *value); /* takes the reference; NULL value: PB_ENOMEM */
void pb_look_cut(pb_look *look, const char *fact);               /* facts.cut names it: a bound left part of it out */
json_t *pb_look_module(const pb_look *look, const char *name);   /* YARA's tree, borrowed; NULL */

/* The hits of one string of one of our own sources, in order of their offset. Returns how many; all of them begin at *first. */
size_t pb_look_hits(const pb_look *look, pb_own_source source, const char *string, const pb_hit **first);

int pb_fact_entropy(pb_look *look); /* measure.c */
int pb_fact_text(pb_look *look);
/* measure.c: thousandths of 8 bits a byte, of n bytes that were counted; n < 2^40. */
uint64_t pb_entropy_of(const uint64_t count[256], uint64_t n);
int pb_fact_urls(pb_look *look);    /* urls.c: "urls" and "hosts" */
int pb_fact_modules(pb_look *look); /* binary.c: "elf", "pe", "macho", "dotnet" */
int pb_fact_binary(pb_look *look);
int pb_fact_capabilities(pb_look *look); /* capabilities.c */
int pb_fact_asks(pb_look *look);         /* asks.c */
int pb_fact_declares(pb_look *look);     /* declares.c */
int pb_fact_imports(pb_look *look);      /* imports.c */
int pb_fact_code(pb_look *look);         /* code.c */
int pb_fact_members(pb_look *look);      /* members.c */
int pb_fact_deb(pb_look *look);          /* deb.c */
int pb_fact_md5sums(pb_look *look);
int pb_fact_conffiles(pb_look *look);
int pb_fact_npm(pb_look *look);   /* npm.c */
int pb_fact_wheel(pb_look *look); /* wheel.c */
int pb_fact_record(pb_look *look);
int pb_fact_jar(pb_look *look);       /* jar.c */
int pb_fact_package(pb_look *look);   /* package.c */
int pb_fact_rpm(pb_look *look);       /* rpm.c */
int pb_fact_elf_note(pb_look *look);  /* elf_note.c */
int pb_fact_signature(pb_look *look); /* signature.c */
int pb_fact_sbom(pb_look *look);      /* sbom.c */
int pb_fact_license(pb_look *look);   /* license.c */
int pb_fact_changelog(pb_look *look); /* changelog.c */
int pb_fact_components(pb_look *look); /* components.c */
int pb_fact_digests(pb_look *look);    /* digests.c */

#endif
