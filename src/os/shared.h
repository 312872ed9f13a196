/* SPDX-License-Identifier: MIT */
#ifndef OS_SHARED_H
#define OS_SHARED_H

#include <stddef.h>

/*
 * Memory which a child fills for its parent, at the same address in both: map
 * it before the fork, and pointers into it mean the same on either side.
 */

/**
 * shared_map(size):
 * Return ${size} zeroed bytes which children share, or NULL with errno.  What
 * is never touched costs nothing, so map generously.
 */
void *shared_map(size_t);

/**
 * shared_trim(map, size, used):
 * Give all but the first ${used} bytes of ${map} back and make those
 * read-only.  Return the size to pass to shared_unmap(): ${used} rounded up
 * to pages, at least one; or 0 with errno, and the map is as it was.
 */
size_t shared_trim(void *, size_t, size_t);

/**
 * shared_unmap(map, size):
 * Give ${map} back.  NULL is fine.
 */
void shared_unmap(void *, size_t);

#endif /* !OS_SHARED_H */
