/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_ORPHANS_H
#define DAEMON_ORPHANS_H

#include <stdbool.h>
#include <stddef.h>

/* Opaque types. */
struct proc_fact;

/*
 * What the one command leaves behind: our children, of which none is the
 * command any more, and all that descends from them.  Needs a /proc of our own
 * pid namespace; without one nothing is found.
 */
struct orphans {
	struct proc_fact *facts; /* Who was told to end. */
	size_t n;
	size_t cap;
};

/**
 * orphans_visible():
 * Is there such a /proc?
 */
bool orphans_visible(void);

/**
 * orphans_tell(v):
 * Send SIGTERM, and SIGCONT after it, to all descendants of ours.  Return how
 * many there are.
 */
size_t orphans_tell(struct orphans *);

/**
 * orphans_tell_new(v):
 * The same to those of our children who were not told before.  A child of
 * one who was told is not: it may be how that one cleans up.
 */
size_t orphans_tell_new(struct orphans *);

/**
 * orphans_kill(v):
 * Send SIGKILL to all descendants of ours, so that none gets away by forking.
 * Return how many there were.
 */
size_t orphans_kill(struct orphans *);

/**
 * orphans_free(v):
 * Forget them.
 */
void orphans_free(struct orphans *);

#endif /* !DAEMON_ORPHANS_H */
