#include "facts/license_texts.h"

#include <string.h>

/* Known by words that only this text has: the GPL names its relatives, so its title and version must stand together. A text
 * that does not say "only" or "or later" has the id without either, which SPDX keeps for old documents. */
static const struct {
	const char *id;
	const char *words[3]; /* all of them */
	const char *without;  /* and not this */
} texts[] = {
    {"MIT",
     {"permission is hereby granted, free of charge, to any person obtaining a copy",
      "the above copyright notice and this permission notice shall be included"},
     "except as contained in this notice, the name"},
    {"X11",
     {"permission is hereby granted, free of charge, to any person obtaining a copy",
      "except as contained in this notice, the name"},
     NULL},
    {"MIT-0", {"permission is hereby granted, free of charge, to any person obtaining a copy"}, "subject to the following"},
    {"Apache-2.0", {"apache license version 2.0, january 2004"}, NULL},
    {"Apache-2.0", {"licensed under the apache license, version 2.0"}, NULL},
    {"BSD-2-Clause",
     {"redistribution and use in source and binary forms", "redistributions in binary form must reproduce"},
     "neither the name"},
    {"BSD-3-Clause", {"redistribution and use in source and binary forms", "neither the name"}, "all advertising materials"},
    {"BSD-4-Clause",
     {"redistribution and use in source and binary forms", "all advertising materials", "neither the name"},
     NULL},
    {"GPL-1.0", {"gnu general public license version 1, february 1989"}, NULL},
    {"GPL-2.0", {"gnu general public license version 2, june 1991"}, NULL},
    {"GPL-3.0", {"gnu general public license version 3, 29 june 2007"}, NULL},
    {"LGPL-2.0", {"gnu library general public license version 2, june 1991"}, NULL},
    {"LGPL-2.1", {"gnu lesser general public license version 2.1, february 1999"}, NULL},
    {"LGPL-3.0", {"gnu lesser general public license version 3, 29 june 2007"}, NULL},
    {"AGPL-3.0", {"gnu affero general public license version 3, 19 november 2007"}, NULL},
    {"GPL-1.0", {"common-licenses gpl-1"}, NULL},
    {"GPL-2.0", {"common-licenses gpl-2"}, NULL},
    {"GPL-3.0", {"common-licenses gpl-3"}, NULL},
    {"LGPL-2.0", {"common-licenses lgpl-2"}, "common-licenses lgpl-2.1"},
    {"LGPL-2.1", {"common-licenses lgpl-2.1"}, NULL},
    {"LGPL-3.0", {"common-licenses lgpl-3"}, NULL},
    {"Apache-2.0", {"common-licenses apache-2.0"}, NULL},
    {"MPL-1.1", {"mozilla public license version 1.1"}, NULL},
    {"MPL-2.0", {"mozilla public license version 2.0"}, NULL},
    {"MPL-2.0", {"mozilla public license, v. 2.0"}, NULL},
    {"ISC",
     {"permission to use, copy, modify, and or distribute this software for any purpose with or without fee is hereby granted, "
      "provided"},
     NULL},
    {"ISC",
     {"permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted, "
      "provided",
      "isc"},
     NULL},
    {"0BSD",
     {"permission to use, copy, modify, and or distribute this software for any purpose with or without fee is hereby "
      "granted."},
     NULL},
    {"Unlicense", {"this is free and unencumbered software released into the public domain"}, NULL},
    {"CC0-1.0", {"cc0 1.0 universal"}, NULL},
    {"CC-BY-4.0", {"creative commons attribution 4.0 international"}, NULL},
    {"CC-BY-SA-4.0", {"creative commons attribution-sharealike 4.0 international"}, NULL},
    {"Zlib", {"altered source versions must be plainly marked as such", "this software is provided as-is"}, NULL},
    {"BSL-1.0", {"boost software license - version 1.0"}, NULL},
    {"EPL-1.0", {"eclipse public license - v 1.0"}, NULL},
    {"EPL-2.0", {"eclipse public license - v 2.0"}, NULL},
    {"EUPL-1.2", {"european union public licence v. 1.2"}, NULL},
    {"Artistic-2.0", {"the artistic license 2.0"}, NULL},
    {"PSF-2.0", {"python software foundation license version 2"}, NULL},
    {"PostgreSQL",
     {"permission to use, copy, modify, and distribute this software and its documentation for any purpose, without fee",
      "postgresql"},
     NULL},
    {"OFL-1.1", {"sil open font license version 1.1"}, NULL},
    {"WTFPL", {"do what the fuck you want to public license"}, NULL},
};

bool pb_license_in_text(const char *text, size_t *i, const char **id)
{
	size_t at = *i;

	if (at >= sizeof texts / sizeof texts[0])
		return false;
	bool fits = !texts[at].without || !strstr(text, texts[at].without);
	for (size_t k = 0; fits && k < 3 && texts[at].words[k]; k++)
		fits = strstr(text, texts[at].words[k]) != NULL;
	*id = fits ? texts[at].id : NULL;
	++*i;
	return true;
}

/* Without regard to case: the format's names are written in many ways. */
static const struct {
	const char *name, *id;
} debian[] = {
    {"Expat", "MIT"},
    {"MIT", "MIT"},
    {"X11", "X11"},
    {"ISC", "ISC"},
    {"Zlib", "Zlib"},
    {"Apache-1.1", "Apache-1.1"},
    {"Apache-2.0", "Apache-2.0"},
    {"Apache-2", "Apache-2.0"},
    {"Artistic", "Artistic-1.0-Perl"},
    {"Artistic-1.0", "Artistic-1.0"},
    {"Artistic-2", "Artistic-2.0"},
    {"Artistic-2.0", "Artistic-2.0"},
    {"BSD-2-clause", "BSD-2-Clause"},
    {"BSD-3-clause", "BSD-3-Clause"},
    {"BSD-4-clause", "BSD-4-Clause"},
    {"BSL-1.0", "BSL-1.0"},
    {"Boost-1.0", "BSL-1.0"},
    {"CC0", "CC0-1.0"},
    {"CC0-1.0", "CC0-1.0"},
    {"CC-BY-3.0", "CC-BY-3.0"},
    {"CC-BY-4.0", "CC-BY-4.0"},
    {"CC-BY-SA-3.0", "CC-BY-SA-3.0"},
    {"CC-BY-SA-4.0", "CC-BY-SA-4.0"},
    {"CDDL-1.0", "CDDL-1.0"},
    {"CPL-1.0", "CPL-1.0"},
    {"EPL-1.0", "EPL-1.0"},
    {"EPL-2.0", "EPL-2.0"},
    {"GFDL-1.2", "GFDL-1.2-only"},
    {"GFDL-1.2+", "GFDL-1.2-or-later"},
    {"GFDL-1.3", "GFDL-1.3-only"},
    {"GFDL-1.3+", "GFDL-1.3-or-later"},
    {"GPL-1", "GPL-1.0-only"},
    {"GPL-1+", "GPL-1.0-or-later"},
    {"GPL-2", "GPL-2.0-only"},
    {"GPL-2.0", "GPL-2.0-only"},
    {"GPL-2+", "GPL-2.0-or-later"},
    {"GPL-2.0+", "GPL-2.0-or-later"},
    {"GPL-3", "GPL-3.0-only"},
    {"GPL-3.0", "GPL-3.0-only"},
    {"GPL-3+", "GPL-3.0-or-later"},
    {"GPL-3.0+", "GPL-3.0-or-later"},
    {"LGPL-2", "LGPL-2.0-only"},
    {"LGPL-2+", "LGPL-2.0-or-later"},
    {"LGPL-2.0+", "LGPL-2.0-or-later"},
    {"LGPL-2.1", "LGPL-2.1-only"},
    {"LGPL-2.1+", "LGPL-2.1-or-later"},
    {"LGPL-3", "LGPL-3.0-only"},
    {"LGPL-3.0", "LGPL-3.0-only"},
    {"LGPL-3+", "LGPL-3.0-or-later"},
    {"LGPL-3.0+", "LGPL-3.0-or-later"},
    {"AGPL-3", "AGPL-3.0-only"},
    {"AGPL-3+", "AGPL-3.0-or-later"},
    {"MPL-1.1", "MPL-1.1"},
    {"MPL-2.0", "MPL-2.0"},
    {"OFL-1.1", "OFL-1.1"},
    {"SIL-OFL-1.1", "OFL-1.1"},
    {"Python-2.0", "Python-2.0"},
    {"PSF-2", "PSF-2.0"},
    {"QPL-1.0", "QPL-1.0"},
    {"Unlicense", "Unlicense"},
    {"WTFPL", "WTFPL"},
    {"WTFPL-2", "WTFPL"},
    {"Zope-2.1", "ZPL-2.1"},
    {"curl", "curl"},
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* strcasecmp would ask the locale. */
static bool same(const char *a, const char *b)
{
	while (*a && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

const char *pb_license_of_debian(const char *name)
{
	for (size_t i = 0; i < sizeof debian / sizeof debian[0]; i++)
		if (same(debian[i].name, name))
			return debian[i].id;
	return NULL;
}

int pb_license_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}
