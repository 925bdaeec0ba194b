/* Private to this room: which names does a program ask the system for? One reader for each format. Each calls back for every name that it
 * finds, with the library that has it where the format says so (else empty), and the offset in the object where the name is asked for
 * (PB_NO_OFFSET: the format's reader does not say). Both texts are bytes from outside, borrowed for the call. */
#ifndef PROBITY_FACTS_NAMES_H
#define PROBITY_FACTS_NAMES_H

#include "facts/provider.h"

#define PB_NO_OFFSET UINT64_MAX

typedef void (*pb_name_fn)(void *user, pb_bytes name, pb_bytes library, uint64_t at);

typedef int (*pb_names_fn)(const pb_look *look, pb_name_fn fn, void *user);

/* 0, PB_ELIMIT (a bound was met, or the tables do not hold together: there may be more names) or PB_ENOMEM. */
int pb_names_elf(const pb_look *look, pb_name_fn fn, void *user);    /* names.c: undefined symbols, of YARA's tree */
int pb_names_pe(const pb_look *look, pb_name_fn fn, void *user);     /* names.c: import tables, of YARA's tree */
int pb_names_macho(const pb_look *look, pb_name_fn fn, void *user);  /* names_macho.c: undefined symbols, "connect" for "_connect" */
int pb_names_java(const pb_look *look, pb_name_fn fn, void *user);   /* names_java.c: "java.net.Socket", "java.lang.Runtime.exec" */
int pb_names_dotnet(const pb_look *look, pb_name_fn fn, void *user); /* names_dotnet.c: "System.Net.Sockets.Socket", with ".Connect" */
int pb_names_native(const pb_look *look, pb_name_fn fn, void *user); /* names_dotnet.c: what .NET calls in libraries of the system */

/* Is it what finds functions by their names (dlsym, GetProcAddress)? */
bool pb_name_looks_up(pb_bytes name);

/* Does the ELF or PE itself have a function of this name? Then a text of that name may be there to tell what failed. */
bool pb_names_own(const pb_look *look, const char *name);

/* Names as texts in a program that looks names up while it runs (dlsym, GetProcAddress): each text between two NUL bytes in its
 * constants that could be the name of a function and is no plain word. Of an ELF only where it names a library to open. */
int pb_names_texts(const pb_look *look, const char *format, pb_name_fn fn, void *user); /* names.c */

#endif
