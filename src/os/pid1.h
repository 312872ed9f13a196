/* SPDX-License-Identifier: MIT */
#ifndef OS_PID1_H
#define OS_PID1_H

#include <stdbool.h>

/*
 * What the supervisor does to itself at its start, so that it makes no
 * difference who launched it: with which descriptors open or closed, which
 * signals blocked or ignored, as PID 1 or not.
 */

/* Opaque types. */
struct err;
struct rlimit;

/**
 * pid1_is():
 * Are we PID 1 of our pid namespace?
 */
bool pid1_is(void);

/**
 * pid1_stdio(err):
 * Open those of the descriptors 0, 1, 2 which are closed, so that no file of
 * ours ever becomes one of them: on /dev/null, or where there is none, so
 * that they still can neither be read nor written.  They are close-on-exec,
 * and by that a command for which they are kept finds them closed as we did.
 * Do this first.  Return 0, or -1 with ${err}.
 */
int pid1_stdio(struct err *);

/**
 * pid1_signals():
 * Give every signal its default action, SIGPIPE an empty handler (an ignored
 * one would be ignored by children) and empty the mask.  Handlers come after
 * this.
 */
void pid1_signals(void);

/**
 * pid1_close_inherited():
 * Close every descriptor above 2.  Only before we open any.
 */
void pid1_close_inherited(void);

/**
 * pid1_subreaper(err):
 * Let orphans of our children become ours.  PID 1 needs no asking.  Return 0,
 * or -1 with ${err} where the kernel has no such thing.
 */
int pid1_subreaper(struct err *);

/**
 * pid1_raise_nofile(old):
 * Raise our RLIMIT_NOFILE to its hard limit and store in ${old} what children
 * shall have.  Return the limit which holds now; there is no failure, at
 * worst it is the old one.
 */
unsigned long pid1_raise_nofile(struct rlimit *);

/**
 * pid1_leave_directory():
 * Change to "/", so that we pin no file system.  Only after every path which
 * we keep has been made absolute.
 */
void pid1_leave_directory(void);

#endif /* !OS_PID1_H */
