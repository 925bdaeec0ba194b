/* The one place of Probity's own version. */
#ifndef PROBITY_BASE_VERSION_H
#define PROBITY_BASE_VERSION_H

#define PB_VERSION "0.1.0"

#endif
