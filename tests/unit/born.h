/* SPDX-License-Identifier: MIT */
#ifndef UNIT_BORN_H
#define UNIT_BORN_H

#include <sys/types.h>

#include <stdbool.h>

#include "os/spawn.h"

/* Children for tests: born by the code under test, and waited for to the end. */

#define BORN_OUT_MAX 65536

struct born {
	pid_t pid;
	enum spawn_state state;
	struct child_report report; /* When ${state} is SPAWN_FAILED. */
	int status;                 /* As of wait(2). */
	char out[BORN_OUT_MAX];     /* What it wrote to stdout; has a NUL. */
};

/**
 * born_run(plan, born):
 * Start the child of ${plan}, with a pipe as its stdout unless the plan has
 * one, wait for its end and fill ${born}.  Return false when it was not born.
 */
bool born_run(struct spawn_plan *, struct born *);

/**
 * born_worker(work, arg):
 * Start a child which does ${work}(${arg}) and exits with what it returns.
 * Return its pid or -1.
 */
pid_t born_worker(int (*)(void *, struct child_report *), void *);

/**
 * born_end(pid):
 * Wait for the end of the child ${pid}, reap it and return its wait status.
 */
int born_end(pid_t);

/**
 * born_readable(fd):
 * Wait until ${fd} is readable or at its end, ten seconds at most.  Is it?
 */
bool born_readable(int);

/**
 * born_fds():
 * Return how many descriptors we have open.
 */
int born_fds(void);

#endif /* !UNIT_BORN_H */
