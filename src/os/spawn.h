/* SPDX-License-Identifier: MIT */
#ifndef OS_SPAWN_H
#define OS_SPAWN_H

#include <sys/types.h>

#include "os/child_report.h"
#include "os/spawn_plan.h"

/*
 * The only fork.  Fork is synchronous, exec is not: the pid is known and may
 * be signalled from the moment when spawn_start() returns, while the exec may
 * still hang.  What can hang is done in the child; see os/child.h.
 */

/* Opaque types. */
struct err;

struct spawned {
	pid_t pid;
	int status_fd; /* Readable when spawn_status() has something to say. */
};

enum spawn_state {
	SPAWN_PENDING, /* Neither exec nor failure yet. */
	SPAWN_EXECED,  /* Or killed before it could tell. */
	SPAWN_FAILED   /* The report says where and why. */
};

/**
 * spawn_start(plan, spawned, err):
 * Fork the child which ${plan} describes and fill ${spawned}; its
 * ${status_fd} is non-blocking, close-on-exec and the caller's to close.
 * Keep nothing of ${plan}; descriptors in it stay open here.  Return 0, or -1
 * with ${err} when there was no pipe or no fork.  Signals are blocked
 * meanwhile, none gets lost: one which arrives for the child acts there by
 * its default.
 */
int spawn_start(const struct spawn_plan *, struct spawned *, struct err *);

/**
 * spawn_status(fd, report):
 * Say what is known from the ${status_fd} of a child; fill ${report} when it
 * is SPAWN_FAILED.  After anything but SPAWN_PENDING close ${fd}.  When the
 * child is reaped, ask once more before that exit is judged: the report was
 * written first.  A child without a command is SPAWN_EXECED when it has ended
 * (its exit status tells how) and SPAWN_FAILED when its prepare() filled the
 * report.
 */
enum spawn_state spawn_status(int, struct child_report *);

#endif /* !OS_SPAWN_H */
