/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_SWEEP_H
#define DAEMON_SWEEP_H

/* Opaque types. */
struct daemon;

/* What is left of anybody has this long to end after TERM. */
#define SWEEP_GRACE_MS 2000
#define SWEEP_KILL_MS  1000

/* A helper of ours, after SIGKILL. */
#define SWEEP_HELPER_MS 200

/**
 * sweep_helper(d):
 * A helper of ours was killed: reap it.  One which a dead file system holds
 * is not waited for.
 */
void sweep_helper(struct daemon *);

/**
 * sweep(d):
 * All services are down.  Orphans which nobody could be found for are named;
 * when we are PID 1 they get TERM, a grace and SIGKILL, since the kernel would
 * kill them without a word when we exit.  Returns when they are gone, or the
 * time is over.
 */
void sweep(struct daemon *);

#endif /* !DAEMON_SWEEP_H */
