/* SPDX-License-Identifier: MIT */
#ifndef SIM_FLEETS_H
#define SIM_FLEETS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/program.h"

#include "rng.h"

/*
 * Configurations at random.  A service is known by its number among NAMES,
 * which stands in its definition as process_num, whatever its place in a
 * supervisor and however often updates take it away and bring it back.
 */

#define NAMES 16

/* One configuration, complete and flat. */
struct config {
	struct fleet fleet;
	struct service_def defs[NAMES];
	struct program programs[NAMES];
	int64_t births[NAMES]; /* By name: the version of its birth. */
};

/**
 * fleets_make(c, names, r):
 * Make ${c} a configuration of up to ${names} services.
 */
void fleets_make(struct config *, uint32_t, struct rng *);

/**
 * fleets_change(to, from, names, r):
 * Make ${to} an edit of ${from}: services come and go, and change their
 * birth, their policy or nothing.
 */
void fleets_change(
    struct config *, const struct config *, uint32_t, struct rng *);

#endif /* !SIM_FLEETS_H */
