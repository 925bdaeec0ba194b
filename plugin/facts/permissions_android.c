/* What AndroidManifest.xml asks for, as it is in packages. */
#include <string.h>

#include "facts/android_xml.h"
#include "facts/declares.h"

void pb_permissions_android(pb_declared *d)
{
	pb_axml_element e;
	pb_axml x;
	char name[PB_AXML_TEXT];

	if (!pb_axml_open(d->look->object->bytes, &x))
		return;
	while (pb_axml_next(&x, &e))
		if (!e.end && (strcmp(e.name, "uses-permission") == 0 || strcmp(e.name, "uses-permission-sdk-23") == 0))
			pb_declared_word(d, PB_DECLARES_ANDROID, name, pb_axml_text(&x, &e, "name", name), "manifest");
}
