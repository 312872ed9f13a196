/* SPDX-License-Identifier: MIT */
#ifndef CONF_FLEET_H
#define CONF_FLEET_H

/* Opaque types. */
struct loader;

/**
 * fleet_finish(l):
 * Give the services which were read their levels, see that each has a name of
 * its own, and bring them into the arena in the order of the fleet.
 */
void fleet_finish(struct loader *);

#endif /* !CONF_FLEET_H */
