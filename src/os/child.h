/* SPDX-License-Identifier: MIT */
#ifndef OS_CHILD_H
#define OS_CHILD_H

/*
 * What runs between fork and exec.  Here we are an ordinary child of a
 * single-threaded process: this may allocate, read files and ask name
 * services, and may hang on each of them; it never logs and never uses stdio.
 */

/* Opaque types. */
struct spawn_plan;

/* How a child ends which could not exec. */
#define CHILD_EXIT_FAILED 127

/**
 * child_run(plan, status_fd):
 * Become what ${plan} describes, in a new child with all signals blocked;
 * never return.  Every signal gets its default action, the mask is emptied
 * last.  A failure goes through ${status_fd} as one struct child_report
 * before _exit(CHILD_EXIT_FAILED).  Without a command, run prepare() and exit
 * with what it returns.
 */
_Noreturn void child_run(const struct spawn_plan *, int);

#endif /* !OS_CHILD_H */
