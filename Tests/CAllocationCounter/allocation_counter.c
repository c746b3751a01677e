#include "allocation_counter.h"

#include <stddef.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define ZOOLAB_SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(ZOOLAB_SANITIZED)

// An executable's own malloc is the one that its libraries use too; glibc keeps its own under these names.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

static _Thread_local uint64_t allocation_count __attribute__((tls_model("initial-exec")));

void *malloc(size_t size) {
    allocation_count++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    allocation_count++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    allocation_count++;
    return __libc_realloc(memory, size);
}

bool zoolab_allocations_are_counted(void) { return true; }
uint64_t zoolab_allocation_count(void) { return allocation_count; }

#else

bool zoolab_allocations_are_counted(void) { return false; }
uint64_t zoolab_allocation_count(void) { return 0; }

#endif
