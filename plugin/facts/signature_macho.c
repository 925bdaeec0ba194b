/* Signatures of Mach-O: a code directory holds a digest for each page of the file, and a CMS signature (none: ad hoc)
 * speaks for the directory. Of several directories the one with the strongest digest counts, as the system takes it. */
#include <string.h>

#include "base/hash.h"
#include "facts/binary.h"
#include "facts/signature.h"

enum { SUPER = 0xfade0cc0, DIRECTORY = 0xfade0c02, WRAPPER = 0xfade0b01 };
enum { LC_CODE_SIGNATURE = 0x1d, COMMANDS_MAX = 10000, BLOBS_MAX = 64, ARCHS_MAX = 32, PAGE_MIN = 9, PAGE_MAX = 24, HEAD = 44 };
enum { SLOT_DIRECTORY = 0, SLOT_ALTERNATE = 0x1000, SLOT_ALTERNATES = 5, SLOT_SIGNATURE = 0x10000, FLAG_ADHOC = 2 };

static uint64_t big(pb_bytes b, size_t at, size_t n)
{
	pb_bytes part = pb_slice(b, at, n);
	uint64_t v = 0;

	for (size_t i = 0; part.size == n && i < n; i++)
		v = v << 8 | part.data[i];
	return v;
}

static uint64_t little(pb_bytes b, size_t at)
{
	pb_bytes part = pb_slice(b, at, 4);

	return part.size == 4 ? part.data[0] | part.data[1] << 8 | part.data[2] << 16 | (uint64_t)part.data[3] << 24 : 0;
}

/* The code signature of one architecture; size 0: there is none. */
static pb_bytes super_blob(pb_bytes image)
{
	uint64_t magic = little(image, 0);
	bool wide = magic == 0xfeedfacf;
	size_t at = wide ? 32 : 28, n = little(image, 16);

	if (magic != 0xfeedface && !wide)
		return (pb_bytes){NULL, 0};
	for (size_t i = 0; i < n && i < COMMANDS_MAX; i++) {
		size_t size = little(image, at + 4);

		if (little(image, at) == LC_CODE_SIGNATURE)
			return pb_slice(image, little(image, at + 8), little(image, at + 12));
		if (size < 8)
			break;
		at += size;
	}
	return (pb_bytes){NULL, 0};
}

static const char *digest_of(uint64_t type)
{
	static const char *const names[] = {NULL, "sha1", "sha256", "sha256", "sha384", "sha512"};

	return type < sizeof names / sizeof names[0] ? names[type] : NULL;
}

/* The blob at the i-th place of the index, as long as it says. */
static pb_bytes blob_at(pb_bytes super, size_t i, uint64_t *slot)
{
	size_t at = big(super, 12 + 8 * i + 4, 4);

	*slot = big(super, 12 + 8 * i, 4);
	return pb_slice(super, at, big(super, at + 4, 4));
}

static pb_bytes best_directory(pb_bytes super, size_t n)
{
	pb_bytes best = {NULL, 0};

	for (size_t i = 0; i < n; i++) {
		uint64_t slot;
		pb_bytes blob = blob_at(super, i, &slot);

		if ((slot == SLOT_DIRECTORY || (slot >= SLOT_ALTERNATE && slot < SLOT_ALTERNATE + SLOT_ALTERNATES)) &&
		    blob.size >= HEAD && big(blob, 0, 4) == DIRECTORY && digest_of(big(blob, 37, 1)) &&
		    (best.size == 0 || big(blob, 37, 1) > big(best, 37, 1)))
			best = blob;
	}
	return best;
}

static pb_bytes slot_blob(pb_bytes super, size_t n, uint64_t wanted)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t slot;
		pb_bytes blob = blob_at(super, i, &slot);

		if (slot == wanted && blob.size > 8 && big(blob, 0, 4) == WRAPPER)
			return pb_slice(blob, 8, blob.size);
	}
	return (pb_bytes){NULL, 0};
}

/* The offset of the first page that does not fit its digest; -1: all fit; -2: the directory lies about what it holds. */
static int64_t first_wrong(pb_bytes image, pb_bytes directory)
{
	const char *digest = digest_of(big(directory, 37, 1));
	size_t hashes = big(directory, 16, 4), slots = big(directory, 28, 4), width = big(directory, 36, 1),
	       shift = big(directory, 39, 1);
	uint64_t limit = big(directory, 32, 4), wide = big(directory, 8, 4) >= 0x20300 ? big(directory, 56, 8) : 0;

	limit = wide > 0 ? wide : limit;
	if (shift == 0 && slots == 1)
		shift = 40; /* one digest over all */
	else if (shift < PAGE_MIN || shift > PAGE_MAX)
		return -2;
	uint64_t page = UINT64_C(1) << shift;
	if (limit > image.size || slots != (limit + page - 1) / page || width == 0 || width > 64 || hashes > directory.size ||
	    slots > (directory.size - hashes) / width)
		return -2;
	for (size_t i = 0; i < slots; i++) {
		uint64_t at = i * page, n = limit - at < page ? limit - at : page;
		uint8_t out[64] = {0};

		if (pb_hash_raw(digest, pb_slice(image, at, n), out) < width)
			return -2;
		if (memcmp(out, directory.data + hashes + i * width, width) != 0)
			return (int64_t)at;
	}
	return -1;
}

static void put_name(json_t *fact, const char *key, pb_bytes directory, size_t at, bool *failed)
{
	json_t *name = at >= HEAD ? pb_c_string(directory, at, 256) : NULL;

	if (name != NULL && json_string_length(name) > 0)
		pb_put(fact, key, json_incref(name), failed);
	json_decref(name);
}

/* Of one architecture, added to the fact. false: it is not signed. */
static bool put_image(pb_bytes image, size_t base, json_t *fact, bool *failed)
{
	pb_bytes super = super_blob(image), directory;
	size_t n = big(super, 8, 4);
	pb_pkcs7 s;
	int64_t wrong;

	if (super.size == 0)
		return false;
	n = n < BLOBS_MAX ? n : BLOBS_MAX;
	directory = big(super, 0, 4) == SUPER ? best_directory(super, n) : (pb_bytes){NULL, 0};
	wrong = directory.size > 0 ? first_wrong(image, directory) : -2;
	if (wrong == -2) {
		pb_put_text(fact, "broken", "the code signature holds no directory that can be read", failed);
		return true;
	}
	pb_put_text(fact, "digest", digest_of(big(directory, 37, 1)), failed);
	if (wrong >= 0 && !json_object_get(fact, "differs_at"))
		pb_put(fact, "differs_at", json_integer(wrong + (json_int_t)base), failed);
	pb_put(fact, "digest_ok", json_boolean(wrong < 0 && !json_is_false(json_object_get(fact, "digest_ok"))), failed);
	put_name(fact, "identifier", directory, big(directory, 20, 4), failed);
	if (big(directory, 8, 4) >= 0x20200)
		put_name(fact, "team", directory, big(directory, 48, 4), failed);
	pb_bytes cms = slot_blob(super, n, SLOT_SIGNATURE);
	bool adhoc = (big(directory, 12, 4) & FLAG_ADHOC) != 0 || cms.size == 0;
	pb_put(fact, "adhoc", json_boolean(adhoc), failed);
	/* Its signature speaks for the first directory, whichever is the best. */
	pb_bytes first = {NULL, 0};
	for (size_t i = 0; i < n && first.size == 0; i++) {
		uint64_t slot;
		pb_bytes blob = blob_at(super, i, &slot);

		first = slot == SLOT_DIRECTORY ? blob : first;
	}
	if (!adhoc && pb_pkcs7_read(cms, first, &s))
		pb_signature_put(fact, &s, failed);
	return true;
}

json_t *pb_signature_macho(pb_bytes b, bool *failed)
{
	json_t *fact = json_object();
	uint64_t magic = big(b, 0, 4), n = big(b, 4, 4);
	bool is_signed = false, wide = magic == 0xcafebabf;

	pb_put_text(fact, "format", "code-directory", failed);
	if (magic == 0xcafebabe || wide) {
		for (size_t i = 0; i < n && i < ARCHS_MAX; i++) {
			size_t entry = 8 + i * (wide ? 32 : 20), width = wide ? 8 : 4, at = big(b, entry + 8, width);

			is_signed |= put_image(pb_slice(b, at, big(b, entry + 8 + width, width)), at, fact, failed);
		}
	} else {
		is_signed = put_image(b, 0, fact, failed);
	}
	if (is_signed)
		return fact;
	json_decref(fact);
	return NULL;
}
