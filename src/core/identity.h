/* SPDX-License-Identifier: MIT */
#ifndef CORE_IDENTITY_H
#define CORE_IDENTITY_H

#include <stdint.h>

/* Opaque types. */
struct service_def;

/*
 * A service is the same one, across updates and restarts of sigmund, where
 * program and process name are the same.  Its group is deliberately no part
 * of that: moving into one is no reason to end a process.
 */

/**
 * identity_compare(a, b):
 * Order two definitions by program and process name.
 */
int identity_compare(const struct service_def *, const struct service_def *);

/**
 * identity_sort(index, n, defs):
 * Sort the ${n} numbers at ${index} by the names of ${defs}[number].  In
 * place: qsort() may allocate.
 */
void identity_sort(uint32_t *, uint32_t, const struct service_def *const *);

/**
 * identity_find(index, n, defs, def):
 * Return a number among the ${n} sorted ones at ${index} whose definition has
 * the names of ${def}, or UINT32_MAX.
 */
uint32_t identity_find(const uint32_t *, uint32_t,
    const struct service_def *const *, const struct service_def *);

#endif /* !CORE_IDENTITY_H */
