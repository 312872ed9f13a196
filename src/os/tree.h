/* SPDX-License-Identifier: MIT */
#ifndef OS_TREE_H
#define OS_TREE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Ends whole trees of processes.  A member is a proc_fact: pid and start
 * time.  Each signal goes to that process and no other: to an unreaped child
 * of ours by its number, which it pins, to all others verified.  Pid 1 and
 * ourselves are passed over.
 */

/* Opaque types. */
struct proc_fact;

/**
 * tree_signal(members, n, signo):
 * Send ${signo} and then SIGCONT, so that a stopped process gets it too, to
 * each of the ${n} members.  Return how many got it.
 */
size_t tree_signal(const struct proc_fact *, size_t, int);

/**
 * tree_freeze(members, n, cap):
 * Stop the ${*n} members and all their descendants, each before looking for
 * its children, and append those who were found; ${members} has room for
 * ${cap}.  Return true when all were seen stopped and nobody new was found:
 * then none of them can fork any more.  Otherwise call again when they have
 * had time to stop.
 */
bool tree_freeze(struct proc_fact *, size_t *, size_t);

/**
 * tree_kill(members, n, cap):
 * End the ${n} members and all their descendants: tree_freeze() until it is
 * true, but not for ever, then SIGKILL all.  ${members} has room for ${cap}
 * and holds everyone found on return, for tree_remaining().  Return how many
 * those are; when that is ${cap}, call again with the rest when these are
 * gone.  Who escaped from a tree which did not freeze in time becomes a child
 * of ours, in the session and group of a member unless it has left those.
 */
size_t tree_kill(struct proc_fact *, size_t, size_t);

/**
 * tree_remaining(members, n):
 * Keep of ${members} those which have not ended, brought up to date, in their
 * order.  Return how many.  A zombie has ended.
 */
size_t tree_remaining(struct proc_fact *, size_t);

#endif /* !OS_TREE_H */
