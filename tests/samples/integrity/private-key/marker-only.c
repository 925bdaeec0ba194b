/* A program that writes PEM: it holds the markers, and no key. */
#include <stdio.h>

static const char *const begin = "-----BEGIN PRIVATE KEY-----";
static const char *const end = "-----END PRIVATE KEY-----";

void write_key(FILE *out, const char *base64)
{
	fprintf(out, "%s\n%s\n%s\n", begin, base64, end);
}
