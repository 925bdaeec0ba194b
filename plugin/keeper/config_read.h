/* What may stand in probity.conf: one table of keys. Private to config.c. */
#ifndef PROBITY_KEEPER_CONFIG_READ_H
#define PROBITY_KEEPER_CONFIG_READ_H

#include "keeper/config.h"

enum { PB_CONFIG_KEYS_MAX = 32 };

typedef struct pb_config_lines {
	pb_config *config;
	bool set[PB_CONFIG_KEYS_MAX]; /* which keys of the table were read: none may stand there twice */
} pb_config_lines;

/* Gives every key of the table its default. */
int pb_config_defaults(pb_config_lines *lines, pb_error *err);

/* A pb_ini_fn over a pb_config_lines. */
int pb_config_line(void *user, const char *section, const char *key, const char *value, int line, pb_error *err);

#endif
