/* SPDX-License-Identifier: MIT */
#ifndef CORE_MIGRATE_H
#define CORE_MIGRATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/mono.h"

/* Opaque types. */
struct fleet;
struct supervisor;

/*
 * An update: from a supervisor and the fleet of a new configuration, a new
 * supervisor.  What is in both keeps its state, and its process where the
 * birth is the same; what is only in the old one leaves; what is only in the
 * new one starts, if it has autostart, when all which leaves or is born again
 * has gone.  The old supervisor is not touched, so that an update which lacks
 * memory has not happened.
 */

/* Who is who; the arrays are the caller's. */
struct migration {
	uint32_t *from;    /* By new service: its old index or SERVICE_NONE. */
	uint32_t *leaving; /* The old indices which have no new one. */
	uint32_t nleaving;
};

/**
 * migrate_scratch(n):
 * Return how many numbers migrate_plan() needs for ${n} services, the old and
 * the new ones together.
 */
size_t migrate_scratch(size_t);

/**
 * migrate_plan(old, fleet, scratch, m):
 * Fill ${m} with who of ${fleet} is who in ${old}.  Its arrays lie in
 * ${scratch}, which has migrate_scratch(${old}->n + ${fleet}->n) numbers.
 */
void migrate_plan(const struct supervisor *, const struct fleet *, uint32_t *,
    struct migration *);

/**
 * migrate(block, old, fleet, m, now):
 * Make ${block}, of supervisor_size(${fleet}->n + ${m}->nleaving) bytes, the
 * supervisor which follows ${old}, and return it.  Its services 0 to
 * ${fleet}->n - 1 are those of ${fleet}; those which leave come after them,
 * in the order of ${m}->leaving.  ${old} must be SUPERVISOR_UP.
 */
struct supervisor *migrate(void *, const struct supervisor *,
    const struct fleet *, const struct migration *, struct mono);

#endif /* !CORE_MIGRATE_H */
