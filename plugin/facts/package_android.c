/* AndroidManifest.xml as metadata of a package. */
#include <string.h>

#include "facts/android_xml.h"
#include "facts/package.h"

/* A component under way: others may call it where it is exported and asks for no permission. */
typedef struct component {
	char name[PB_AXML_TEXT];
	bool open, launcher;
} component;

static pb_bytes bytes_of(const char *text)
{
	return (pb_bytes){(const uint8_t *)text, strlen(text)};
}

static int put_number(json_t *package, const pb_axml *x, const pb_axml_element *e, const char *name, const char *key)
{
	int32_t n;
	return pb_axml_number(x, e, name, &n) && json_object_set_new(package, key, json_integer(n)) ? PB_ENOMEM : 0;
}

static int put_flag(json_t *package, const pb_axml *x, const pb_axml_element *e, const char *name, const char *key)
{
	int32_t n;
	return pb_axml_number(x, e, name, &n) && json_object_set_new(package, key, json_boolean(n != 0)) ? PB_ENOMEM
	                                                                                                 : 0;
}

static bool is_component(const char *name)
{
	static const char *const names[] = {"activity", "activity-alias", "service", "receiver", "provider"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static int begin(json_t *package, const pb_axml *x, const pb_axml_element *e, component *c)
{
	char value[PB_AXML_TEXT];
	int32_t exported = 0;
	int rc = 0;

	if (strcmp(e->name, "manifest") == 0) {
		if (pb_axml_text(x, e, "package", value) > 0)
			rc = pb_package_put(package, "name", bytes_of(value));
		if (!rc && pb_axml_text(x, e, "versionName", value) > 0)
			rc = pb_package_put(package, "version", bytes_of(value));
		return rc ? rc : put_number(package, x, e, "versionCode", "version_code");
	}
	if (strcmp(e->name, "uses-sdk") == 0) {
		rc = put_number(package, x, e, "minSdkVersion", "min_sdk");
		return rc ? rc : put_number(package, x, e, "targetSdkVersion", "target_sdk");
	}
	if (strncmp(e->name, "uses-permission", 15) == 0 && pb_axml_text(x, e, "name", value) > 0)
		return pb_package_add(package, "permissions", bytes_of(value));
	if (strcmp(e->name, "application") == 0) {
		rc = put_flag(package, x, e, "debuggable", "debuggable");
		rc = rc ? rc : put_flag(package, x, e, "allowBackup", "backup");
		return rc ? rc : put_flag(package, x, e, "usesCleartextTraffic", "cleartext");
	}
	if (is_component(e->name)) {
		*c = (component){.open = pb_axml_number(x, e, "exported", &exported) && exported != 0 &&
		                         pb_axml_text(x, e, "permission", value) == 0};
		(void)pb_axml_text(x, e, "name", c->name);
	} else if (strcmp(e->name, "category") == 0 && pb_axml_text(x, e, "name", value) > 0) {
		c->launcher |= strcmp(value, "android.intent.category.LAUNCHER") == 0;
	}
	return rc;
}

int pb_package_android(pb_look *look, json_t *package)
{
	component c = {.open = false};
	pb_axml_element e;
	pb_axml x;
	int rc = 0;

	if (strcmp(look->object->kind->name, "android-xml") != 0 ||
	    strcmp(look->object->name_class, "androidmanifest.xml") != 0 || !pb_axml_open(look->object->bytes, &x))
		return 0;
	while (!rc && pb_axml_next(&x, &e)) {
		if (!e.end) {
			rc = begin(package, &x, &e, &c);
		} else if (is_component(e.name)) {
			if (c.open && !c.launcher)
				rc = pb_package_add(package, "exported", bytes_of(c.name));
			c = (component){.open = false};
		}
	}
	return !rc && json_object_get(package, "name") ? pb_package_kind(package, "apk") : rc;
}
