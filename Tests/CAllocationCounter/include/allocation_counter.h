// Counts how often a thread asks for memory. For tests only.
#ifndef ZOOLAB_ALLOCATION_COUNTER_H
#define ZOOLAB_ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/// Whether this build counts: with glibc, and without a sanitizer that has a malloc of its own.
bool zoolab_allocations_are_counted(void);

/// Calls of malloc, calloc and realloc by this thread since it began.
uint64_t zoolab_allocation_count(void);

#endif
