#include "facts/host.h"

#include <arpa/inet.h>
#include <libpsl.h>
#include <string.h>

/* Labels of letters, digits and inner hyphens, at least two of them. */
static bool is_ldh_name(const char *host)
{
	size_t label = 0, labels = 1;

	for (const char *p = host; *p; p++) {
		bool hyphen = *p == '-';
		if (*p == '.') {
			if (label == 0 || p[-1] == '-')
				return false;
			label = 0;
			labels++;
			continue;
		}
		if (!hyphen && !(*p >= 'a' && *p <= 'z') && !(*p >= '0' && *p <= '9'))
			return false;
		if ((hyphen && label == 0) || ++label > 63)
			return false;
	}
	return label > 0 && labels >= 2 && host[strlen(host) - 1] != '-';
}

/* Names that resolve though no registry sells them. */
static bool is_special(const char *top)
{
	return strcmp(top, "local") == 0 || strcmp(top, "internal") == 0 || strcmp(top, "onion") == 0;
}

static bool is_known_top(const psl_ctx_t *psl, const char *host, const char *top)
{
	enum { KNOWN = PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE };

	if (psl_is_public_suffix2(psl, top, KNOWN))
		return true;
	/* "*.ck": the list knows what is below it only. */
	const char *second = top - 1;
	while (second > host && second[-1] != '.')
		second--;
	return psl_is_public_suffix2(psl, second, KNOWN);
}

bool pb_host_valid(const char *host, const char **domain)
{
	unsigned char address[16];
	/* The list inside the library, not the newest on the machine: the same product gives the same facts everywhere. */
	const psl_ctx_t *psl = psl_builtin();

	*domain = NULL;
	if (strlen(host) >= PB_HOST_MAX)
		return false;
	if (strcmp(host, "localhost") == 0 || inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1)
		return true;
	if (!psl || !is_ldh_name(host))
		return false;
	const char *top = strrchr(host, '.') + 1;
	if (is_special(top)) {
		const char *p = top - 1;
		while (p > host && p[-1] != '.')
			p--;
		*domain = p;
		return true;
	}
	if (!is_known_top(psl, host, top))
		return false;
	*domain = psl_registrable_domain(psl, host);
	return true;
}
