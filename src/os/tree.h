/* SPDX-License-Identifier: MIT */
#ifndef OS_TREE_H
#define OS_TREE_H

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
 * tree_kill(members, n, cap):
 * End the ${n} members and all their descendants: stop each, look again until
 * nothing new is found (a process with a pending SIGSTOP cannot complete a
 * fork), then SIGKILL all.  ${members} has room for ${cap} and holds everyone
 * found on return, for tree_remaining().  Return how many those are; when
 * that is ${cap}, call again with the rest when these are gone.
 */
size_t tree_kill(struct proc_fact *, size_t, size_t);

/**
 * tree_remaining(members, n):
 * Keep of ${members} those which have not ended, brought up to date, in their
 * order.  Return how many.  A zombie has ended.
 */
size_t tree_remaining(struct proc_fact *, size_t);

#endif /* !OS_TREE_H */
