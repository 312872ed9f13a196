/* SPDX-License-Identifier: MIT */
#ifndef CORE_HEAP_H
#define CORE_HEAP_H

#include <stdint.h>

#include "base/mono.h"

/* Opaque types. */
struct service;

/*
 * The services which have a deadline, the earliest first: a binary heap of
 * indices over memory which somebody else owns.  Each service knows its place,
 * so that a changed deadline costs O(log n) and nothing is ever stale.
 */
struct heap {
	uint32_t *at;
	uint32_t n;
};

#define HEAP_NOWHERE UINT32_MAX

/**
 * heap_update(h, services, i):
 * The deadline of ${services}[${i}] may have changed: put it, move it or take
 * it out.
 */
void heap_update(struct heap *, struct service *, uint32_t);

/**
 * heap_earliest(h, services):
 * Return the earliest deadline, or MONO_NEVER.
 */
struct mono heap_earliest(const struct heap *, const struct service *);

#endif /* !CORE_HEAP_H */
