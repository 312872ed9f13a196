/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_CRANK_H
#define DAEMON_CRANK_H

/* Opaque types. */
struct daemon;
struct event;

/*
 * Events in, actions out: each action is done, and what comes of it goes in
 * again, until it is quiet.  Then the loop waits for the earliest deadline.
 * After a handful of forks the loop gets to look around first, so that a
 * signal or a client never waits for a thousand starts.
 */

/**
 * crank_open(d):
 * Prepare the timer and the idle watcher of ${d}.
 */
void crank_open(struct daemon *);

/**
 * crank_post(d, ev):
 * Give ${ev} to the supervisor, which happened now.
 */
void crank_post(struct daemon *, const struct event *);

/**
 * crank_turn(d):
 * Do what the supervisor wants done, and set the timer.
 */
void crank_turn(struct daemon *);

/**
 * crank_drain(d):
 * Do all that is to be done, without looking around.
 */
void crank_drain(struct daemon *);

/**
 * crank_reap(d):
 * Reap all children which have ended, and let the supervisor know.
 */
void crank_reap(struct daemon *);

#endif /* !DAEMON_CRANK_H */
