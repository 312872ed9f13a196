/* SPDX-License-Identifier: MIT */
#ifndef CORE_TREE_H
#define CORE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which process belongs to which run.  Facts about processes come in, in any
 * order, as /proc tells them; owners come out.  A process belongs to a run if
 *
 *	it is its leader, or was known as its member before, or
 *	its environment carries the run's cookie, or
 *	it is in the session or the group which the leader made, or
 *	its parent belongs to it.
 *
 * The first of these which holds decides, so that a service which another
 * service started by hand is not taken for a part of it.  What none of them
 * finds has no owner: it is reported, never guessed.
 */

/* A process.  A pid means a process only together with its start. */
struct tree_process {
	int pid;
	int ppid;
	int pgid;
	int sid;
	uint64_t start;  /* In clock ticks since boot. */
	uint64_t cookie; /* The number of the run in its environment, or 0. */
	uint32_t owner;  /* Out: index of a root, or TREE_NOBODY. */
};

/* A run whose tree is asked for. */
struct tree_root {
	uint64_t run;
	int leader;     /* The pid of its main process, living or reaped. */
	uint64_t start; /* And its start: what began earlier is not of it. */
	bool session;   /* The leader made a session and group of its own. */
};

#define TREE_NOBODY UINT32_MAX

/**
 * tree_attribute(processes, n, roots, m):
 * Set the owner of each of the ${n} ${processes}, which it sorts by pid, to
 * its root among the ${m} ${roots}.  An owner which is set already (a member
 * known from before) stays.
 */
void tree_attribute(
    struct tree_process *, size_t, const struct tree_root *, size_t);

#endif /* !CORE_TREE_H */
