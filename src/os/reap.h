/* SPDX-License-Identifier: MIT */
#ifndef OS_REAP_H
#define OS_REAP_H

#include <sys/resource.h>
#include <sys/types.h>

#include <stdbool.h>

/*
 * The only wait.  SIGCHLD coalesces: on each, call reap_next() until it
 * returns 0.  From the moment when a child is reaped its number may name a
 * stranger.
 */

struct reaped {
	pid_t pid;
	int status; /* As of wait(2): WIFEXITED and the others read it. */
	struct rusage usage;
};

/**
 * reap_next(reaped):
 * Reap one ended child, forked or adopted, without waiting for it.  Return 1
 * with ${reaped} filled, or 0 when there is none.
 */
int reap_next(struct reaped *);

/**
 * reap_peek():
 * Return the pid of an ended child which is not yet reaped, or 0.  It is the
 * same one until that is taken; /proc still knows its name, group, session.
 */
pid_t reap_peek(void);

/**
 * reap_any_left():
 * Is there a child of ours, forked or adopted, living or not?
 */
bool reap_any_left(void);

/**
 * reap_take(pid, reaped):
 * As reap_next(), for the child ${pid} alone.
 */
int reap_take(pid_t, struct reaped *);

/**
 * reap_stopped(pid):
 * Return the signal by which our child ${pid} was stopped since this was last
 * asked, or 0.
 */
int reap_stopped(pid_t);

#endif /* !OS_REAP_H */
