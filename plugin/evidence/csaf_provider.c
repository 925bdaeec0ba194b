/* CSAF provider metadata: where advisories are published, and by which keys. */
#include <string.h>

#include "evidence/vex.h"

bool pb_is_csaf_provider(const pb_reading *r)
{
	return json_is_string(json_object_get(r->json, "metadata_version")) && json_is_string(json_object_get(r->json, "canonical_url")) &&
	       json_is_object(json_object_get(r->json, "publisher"));
}

static void put_keys(const pb_node *list)
{
	json_t *rows = pb_doc_list(list->r, list->r->content, "keys");

	for (size_t i = 0, n = pb_doc_items(list); i < n && list->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(list, i);
		json_t *row = pb_doc_row(list->r, rows);

		pb_doc_put(list->r, row, "fingerprint", pb_doc_text_at(&one, "fingerprint"));
		pb_doc_put(list->r, row, "url", pb_doc_text_at(&one, "url"));
	}
}

static void put_distributions(const pb_node *list)
{
	json_t *urls = pb_doc_list(list->r, list->r->content, "distributions");

	for (size_t i = 0, n = pb_doc_items(list); i < n && list->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(list, i), rolie = pb_doc_at(&one, "rolie"), feeds = pb_doc_at(&rolie, "feeds");
		const char *folder = pb_doc_text_at(&one, "directory_url");

		if (folder[0] != '\0')
			pb_doc_word(list->r, urls, folder);
		for (size_t k = 0, m = pb_doc_items(&feeds); k < m && list->r->rc == PB_OK; k++) {
			const pb_node feed = pb_doc_item(&feeds, k);

			pb_doc_word(list->r, urls, pb_doc_text_at(&feed, "url"));
		}
	}
}

void pb_read_csaf_provider(pb_reading *r)
{
	static const char *const texts[] = {"category", "tracking_id", "tracking_status", "tracking_version", "tlp", "title"};
	const pb_node root = pb_doc_root_of(r), publisher = pb_doc_at(&root, "publisher"), updated = pb_doc_at(&root, "last_updated");
	const pb_node keys = pb_doc_at(&root, "public_openpgp_keys"), distributions = pb_doc_at(&root, "distributions");
	char day[11];

	pb_doc_says(r, "advisories", "csaf-provider-metadata %.20s", pb_doc_text_at(&root, "metadata_version"));
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		pb_doc_put(r, r->content, texts[i], "");
	(void)pb_doc_list(r, r->content, "statements");
	pb_doc_put(r, r->content, "what", "provider-metadata");
	pb_doc_put(r, r->content, "publisher", pb_doc_text_at(&publisher, "name"));
	pb_doc_put(r, r->content, "url", pb_doc_text_at(&root, "canonical_url"));
	pb_doc_put(r, r->content, "role", pb_doc_text_at(&root, "role"));
	pb_doc_by(r, pb_doc_text_at(&publisher, "name"));
	pb_doc_day(&updated, day);
	pb_doc_dates(r, day, "");
	put_keys(&keys);
	put_distributions(&distributions);
}
