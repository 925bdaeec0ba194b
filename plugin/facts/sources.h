/* Private to this room: the YARA sources of the providers, each defined beside the code that reads its hits. */
#ifndef PROBITY_FACTS_SOURCES_H
#define PROBITY_FACTS_SOURCES_H

extern const char pb_urls_yara[];  /* urls.c */
extern const char pb_marks_yara[]; /* license.c */
extern const char pb_elf_yara[];   /* binary.c; these three bring their modules in */
extern const char pb_pe_yara[];
extern const char pb_macho_yara[];

#endif
