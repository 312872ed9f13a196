/* SPDX-License-Identifier: MIT */
#ifndef OS_SPAWN_H
#define OS_SPAWN_H

#include <sys/resource.h>
#include <sys/types.h>

#include <signal.h>
#include <stdbool.h>

#include "os/child.h"

/*
 * The only fork.  Fork is synchronous, exec is not: the pid is known and may
 * be signalled from the moment when spawn_start() returns, while the exec may
 * still hang.  What can hang is done in the child; see os/child.h.
 */

/* Opaque types. */
struct err;

#define SPAWN_STDIO_NULL    (-1)
#define SPAWN_STDIO_KEEP    (-2) /* As it is, close-on-exec or not. */
#define SPAWN_UMASK_INHERIT (-1)

/*
 * How a child is born.  The child does, in this order: dispositions to their
 * defaults, session or group, stdio, all other descriptors closed, limits, prepare(),
 * user, directory, umask, empty signal mask, exec.  A zeroed plan would put
 * our stdin on all three descriptors: begin with SPAWN_PLAN.
 */
struct spawn_plan {
	/* NULL-terminated; or NULL: no exec, the child is only prepare(). */
	const char *const *argv;
	const char *const *envp; /* NULL-terminated; NULL: empty. */
	/* Searched for argv[0] without '/'; NULL: CHILD_DEFAULT_PATH. */
	const char *path;
	int stdio[3];            /* Any descriptor, or SPAWN_STDIO_*. */
	const char *directory;   /* NULL: ours. */
	const char *user;        /* A name or a number; NULL: ours. */
	int umask;               /* Or SPAWN_UMASK_INHERIT. */
	bool session;            /* setsid: leader of a session of its own. */
	bool group;              /* setpgid: leader of a group of its own, */
	int terminal;            /* ... in the foreground of this, or -1. */
	bool keep_fds;           /* All descriptors which may cross an exec. */
	const sigset_t *ignored; /* Signals to ignore, or NULL. */
	const struct rlimit *nofile; /* RLIMIT_NOFILE to restore, or NULL. */
	/*
	 * Runs in the child alone, still as our user.  It may change the plan
	 * through ${arg}: what it puts there counts.  Returns 0; anything else
	 * with the report filled stops the birth.  In a child without a
	 * command signals already act, and the return value is its exit code.
	 */
	int (*prepare)(void *arg, struct child_report *);
	void *arg;
};

/* A plan with everything as ours, and /dev/null for all three descriptors. */
#define SPAWN_PLAN                                                             \
	{                                                                      \
		.stdio = { SPAWN_STDIO_NULL, SPAWN_STDIO_NULL,                 \
			SPAWN_STDIO_NULL },                                    \
		.umask = SPAWN_UMASK_INHERIT, .terminal = -1                   \
	}

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
