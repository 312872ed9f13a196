/* SPDX-License-Identifier: MIT */
#ifndef OS_PROC_WALK_H
#define OS_PROC_WALK_H

#include <stddef.h>

/*
 * From processes to all their descendants.  A child is taken only where it is
 * certain that it is one: its parent had not ended when its children were
 * listed, and is still the child's parent.  What was reparented meanwhile is
 * missed rather than a stranger taken.
 */

/* Opaque types. */
struct proc_fact;

/**
 * proc_walk(facts, n, cap):
 * ${facts} begins with ${n} processes, of which pid and start time count as
 * in proc_refresh().  Bring these up to date and append all their
 * descendants, breadth first, each process once.  Return how many there are
 * now, never more than ${cap}; when it is ${cap}, some may have found no
 * room.  Ourselves and pid 1 are never appended.
 */
size_t proc_walk(struct proc_fact *, size_t, size_t);

/*
 * Told of a process as soon as it is found and before its children are looked
 * for; or of NULL, when one which was listed as a child had slipped away: its
 * own children may be anywhere.
 */
typedef void proc_walk_visitor(void *, const struct proc_fact *);

/**
 * proc_walk_visit(facts, n, cap, visit, arg):
 * As proc_walk(), and call ${visit}(${arg}, fact) for each process, the first
 * ${n} too.
 */
size_t proc_walk_visit(
    struct proc_fact *, size_t, size_t, proc_walk_visitor *, void *);

/**
 * proc_walk_slowly(facts, n, cap, visit, arg):
 * The same by looking at every process, once for each generation: what is
 * done where the kernel keeps no lists of children.
 */
size_t proc_walk_slowly(
    struct proc_fact *, size_t, size_t, proc_walk_visitor *, void *);

#endif /* !OS_PROC_WALK_H */
