/* One source: a Lua file that says what to ask for a product, and what to keep of the answers. Private to collector/. */
#ifndef PROBITY_COLLECTOR_SOURCE_H
#define PROBITY_COLLECTOR_SOURCE_H

#include "checks/sandbox.h"
#include "collector/collected.h"
#include "collector/fetch.h"

typedef struct pb_source_run {
	const char *name;       /* "osv" */
	pb_bytes text;          /* of its file */
	const json_t *settings;
	const json_t *product;  /* coordinates */
	const pb_bindings *bindings;
	pb_fetcher *fetcher;
	const char *cache;      /* folder, "": none */
	bool dry;
	pb_collected *into;     /* NULL where dry */
	json_t *requests;       /* array: {"source","method","url","status","why","cached"} of each, in order */
	json_t *problems;       /* array: {"source","why"} */
	json_t *follows;        /* array, where dry: {"source","what"} */
} pb_source_run;

/* 0, whatever the network says: that is in requests and problems. PB_EINPUT: the file is wrong. */
int pb_source_collect(pb_source_run *r, pb_error *err);

/* {"title","hosts","needs"} of the file: for listings. */
int pb_source_about(const pb_source_run *r, json_t **out, pb_error *err);

#endif
