/* What scripts may touch, as the worker hands it to the sandbox. */
#ifndef PROBITY_BINDINGS_BINDINGS_H
#define PROBITY_BINDINGS_BINDINGS_H

#include "checks/sandbox.h"

extern const pb_bindings pb_bindings_table; /* builtins.c: for checks */
extern const pb_bindings pb_bindings_formats; /* for formats of reports: no object, no product, no YARA */

#endif
