/* SPDX-License-Identifier: MIT */
#ifndef CORE_INVARIANTS_H
#define CORE_INVARIANTS_H

#include <stdint.h>

/* Opaque types. */
struct supervisor;

/*
 * What must hold after every step.
 *
 * I1. At most one main run per service: a service has one struct run, and is
 *     given another number only when that one is over (R2, S1).
 * I2. A pid is known exactly between fork and reap, and is above 1 (R1).
 * I3. Every stop has a deadline until it is over or stuck (R3, S2).
 * I4. No service starts before what it waits for has happened; a shutdown
 *     opens a level only when the one above it is down.
 * I5. A start which follows an end by itself has the wait which
 *     core/restart.h demands (S3: BACKOFF has a deadline).
 * I6. A shutdown has an end which does not move away.
 * I7. A configuration with an error changes nothing: no fleet comes of one.
 * I8. An update touches what changed: what is in both keeps its run, its
 *     wish and its deadlines (tests/unit/test_migrate.c; the simulator).
 *
 * What is about a history and not a state (I4, I5, I7, I8) is asserted by the
 * simulator, which keeps the history; the function below sees the rest.
 */

/**
 * invariants_violation(sv, service):
 * Return the first invariant which ${sv} breaks, in words, and in ${service}
 * whose it is; or NULL.  Looks at every service.
 */
const char *invariants_violation(const struct supervisor *, uint32_t *);

#endif /* !CORE_INVARIANTS_H */
