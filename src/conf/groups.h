/* SPDX-License-Identifier: MIT */
#ifndef CONF_GROUPS_H
#define CONF_GROUPS_H

/* Opaque types. */
struct loader;

/**
 * groups_read(l):
 * Read all [group:x] sections and note the group of each program.  The
 * programs have their numbers already.
 */
void groups_read(struct loader *);

#endif /* !CONF_GROUPS_H */
