#include "clamav/record_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

int pb_out_note(pb_lane *lane, uint32_t tag, pb_message type, json_t *value)
{
	char *text = value != NULL ? pb_json_canonical(value) : NULL;
	int rc = text != NULL ? pb_lane_note(lane, tag, type, text, strlen(text)) : PB_ENOMEM;

	free(text);
	json_decref(value);
	return rc;
}

/* Is it a file that a .deb installs? Its data.tar.* stands before it in the chain; parts of a .deb that somebody took out of
 * it are named likewise. The tar inside of that layer is not what is installed. */
static bool is_deb_file(const pb_object *o, const json_t *path)
{
	size_t n = json_array_size(path);
	const char *parent = n >= 3 ? json_string_value(json_array_get(path, n - 2)) : NULL;

	return parent != NULL && strncmp(parent, "data.tar", 8) == 0 &&
	       !(o->kind->members && strcmp(json_string_value(json_array_get(path, n - 1)), "data.tar") == 0);
}

/* The list of a .deb (md5sums) knows no better digest. It is in no result: a result does not depend on the path, and all
 * other objects would pay for it. */
static int add_md5(json_t *record, pb_bytes bytes)
{
	char hex[PB_HEX_MAX];

	return pb_hash_hex("md5", bytes, hex) ? json_object_set_new(record, "md5", json_string(hex)) : PB_ENOMEM;
}

/* ClamAV's type comes from a host here: only what looks like one goes on. */
static bool is_type(const char *s)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

	return *s != '\0' && s[strspn(s, letters)] == '\0';
}

/* As the digest above, it is in no result: the same bytes may have another type elsewhere, or with another database. What ClamAV
 * left closed it never typed: a reader did, with signatures that are not the host's. */
static int add_type(json_t *record, const pb_object *o, bool unscanned)
{
	if (unscanned || !is_type(o->clam_type))
		return PB_OK;
	return json_object_set_new(record, "clam_type", json_string(o->clam_type));
}

/* Canonical text, fresh; NULL: memory ran out. */
static char *record_of(const pb_object *o, const json_t *path, bool unscanned)
{
	json_t *record =
	    json_pack("{s:O,s:s,s:I,s:s,s:s,s:s,s:b}", "path", path, "sha256", o->sha256, "size",
	              (json_int_t)o->bytes.size, "kind", o->kind->name, "class", pb_class_name(o->kind->class),
	              "name_class", o->name_class, "container", o->kind->class == PB_CLASS_ARCHIVE);
	char *text = NULL;

	if (record != NULL && (!unscanned || json_object_set_new(record, "unscanned", json_true()) == 0) &&
	    (!is_deb_file(o, path) || add_md5(record, o->bytes) == 0) && add_type(record, o, unscanned) == 0)
		text = pb_json_canonical(record);
	json_decref(record);
	return text;
}

int pb_out_object(pb_lane *lane, uint32_t tag, const pb_object *o, const json_t *path, bool unscanned)
{
	char *text = path != NULL ? record_of(o, path, unscanned) : NULL;
	pb_lane_object out = {.tag = tag, .record = text, .bytes = o->bytes};
	int rc;

	if (text == NULL)
		return PB_ENOMEM;
	out.record_size = strlen(text);
	memcpy(out.sha256, o->sha256, sizeof out.sha256);
	(void)snprintf(out.kind, sizeof out.kind, "%s", o->kind->name);
	memcpy(out.name_class, o->name_class, sizeof out.name_class);
	if (is_type(o->clam_type))
		memcpy(out.clam_type, o->clam_type, sizeof out.clam_type);
	rc = pb_lane_put(lane, &out);
	free(text);
	return rc == PB_ELIMIT ? pb_out_limit(lane, tag, path, "too large to be handed on") : rc;
}

int pb_out_limit(pb_lane *lane, uint32_t tag, const json_t *path, const char *why)
{
	return pb_out_note(lane, tag, PB_MSG_LIMIT, json_pack("{s:O,s:s}", "path", path, "why", why));
}

int pb_out_detection(pb_lane *lane, uint32_t tag, const json_t *path, const char *sha256, const char *signature)
{
	json_t *name = pb_json_display(signature, strlen(signature), PB_OUT_SIGNATURE);

	return pb_out_note(lane, tag, PB_MSG_DETECTION,
	                   json_pack("{s:O,s:s,s:o}", "path", path, "sha256", sha256, "signature", name));
}
