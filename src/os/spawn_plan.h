/* SPDX-License-Identifier: MIT */
#ifndef OS_SPAWN_PLAN_H
#define OS_SPAWN_PLAN_H

#include <sys/resource.h>

#include <signal.h>
#include <stdbool.h>

/* Opaque types. */
struct child_report;

#define SPAWN_STDIO_NULL    (-1)
#define SPAWN_STDIO_KEEP    (-2) /* As it is, close-on-exec or not. */
#define SPAWN_UMASK_INHERIT (-1)

/*
 * How a child is born.  The child does, in this order: dispositions to their
 * defaults, session or group, stdio, all other descriptors closed, limits,
 * prepare(), user, directory, umask, empty signal mask, exec.  A zeroed plan
 * would put our stdin on all three descriptors: begin with SPAWN_PLAN.
 */
struct spawn_plan {
	/* NULL-terminated; or NULL: no exec, the child is only prepare(). */
	const char *const *argv;
	const char *const *envp; /* NULL-terminated; NULL: empty. */
	/* Searched for argv[0] without '/'; NULL: PATH_DEFAULT. */
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
	/* All signals with another action than their default; NULL: any. */
	const sigset_t *handled;
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

#endif /* !OS_SPAWN_PLAN_H */
