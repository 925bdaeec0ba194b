/* URLs and redirects as answers and metadata have them: what is taken can be written and is taken again as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(const pb_url *u)
{
	char text[PB_URL_TEXT], second[PB_URL_TEXT];
	pb_url back;

	pb_url_text(u, text);
	if (strlen(text) >= PB_URL_MOST)
		return;
	if (pb_url_parse(text, &back, NULL) != PB_OK || strcmp(back.host, u->host) != 0 || back.port != u->port || back.tls != u->tls)
		abort();
	pb_url_text(&back, second);
	if (strcmp(text, second) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	pb_url base, u;

	if (!text)
		return 0;
	if (pb_url_parse(text, &u, NULL) == PB_OK)
		again(&u);
	if (pb_url_parse("https://a.example:8443/d/f?q", &base, NULL) == PB_OK && pb_url_follow(&base, text, &u, NULL) == PB_OK)
		again(&u);
	(void)pb_url_entry(text);
	free(text);
	return 0;
}
