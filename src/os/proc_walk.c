/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <unistd.h>

#include "os/proc.h"
#include "os/proc_walk.h"

/* What grows: ${n} of ${cap} facts, now with the children of ${parent}. */
struct walk {
	struct proc_fact *facts;
	size_t n;
	size_t cap;
	pid_t parent;
	proc_walk_visitor *visit;
	void *arg;
};

static void
visit_none(void *arg, const struct proc_fact *fact)
{
	(void)arg;
	(void)fact;
}

/* Append ${child}, unless it is there, has no room, or must never be. */
static void
append(struct walk *w, const struct proc_fact *child)
{
	size_t i;

	if (w->n >= w->cap || child->pid <= 1 || child->pid == getpid())
		return;
	for (i = 0; i < w->n; i++)
		if (w->facts[i].pid == child->pid &&
		    w->facts[i].start_ticks == child->start_ticks)
			return;
	w->facts[w->n++] = *child;
	w->visit(w->arg, child);
}

static void
append_child(void *arg, pid_t pid)
{
	struct walk *w = arg;
	struct proc_fact child;

	if (w->n >= w->cap)
		return;
	if (proc_stat(pid, &child) == 0 && child.ppid == w->parent)
		append(w, &child);
	else
		w->visit(w->arg, NULL);
}

/* Append the children of the member ${i}. */
static void
append_children(struct walk *w, size_t i)
{
	size_t before = w->n;
	struct proc_fact again = w->facts[i];

	if (proc_ended(&w->facts[i]))
		return;
	w->parent = w->facts[i].pid;
	(void)proc_children(w->parent, append_child, w);
	/* They were its children if it still has its number after this. */
	if (w->n > before && proc_refresh(&again) == -1) {
		w->n = before;
		w->visit(w->arg, NULL);
	}
}

static void
refresh_all(struct walk *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (proc_refresh(&w->facts[i]) == 0)
			w->visit(w->arg, &w->facts[i]);
}

size_t
proc_walk(struct proc_fact *facts, size_t n, size_t cap)
{
	return (proc_walk_visit(facts, n, cap, visit_none, NULL));
}

size_t
proc_walk_visit(struct proc_fact *facts, size_t n, size_t cap,
    proc_walk_visitor *visit, void *arg)
{
	struct walk w = { facts, n, cap, 0, visit, arg };
	size_t i;

	if (access("/proc/thread-self/children", F_OK) == -1)
		return (proc_walk_slowly(facts, n, cap, visit, arg));
	refresh_all(&w);
	for (i = 0; i < w.n; i++)
		append_children(&w, i);
	return (w.n);
}

/* Is the parent of ${fact} one of the members, and not ended? */
static bool
has_parent(const struct walk *w, const struct proc_fact *fact)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->facts[i].pid == fact->ppid &&
		    w->facts[i].start_ticks <= fact->start_ticks &&
		    !proc_ended(&w->facts[i]))
			return (true);
	return (false);
}

static void
append_if_descends(void *arg, const struct proc_fact *fact)
{
	struct walk *w = arg;

	if (has_parent(w, fact))
		append(w, fact);
}

size_t
proc_walk_slowly(struct proc_fact *facts, size_t n, size_t cap,
    proc_walk_visitor *visit, void *arg)
{
	struct walk w = { facts, n, cap, 0, visit, arg };
	size_t before;

	refresh_all(&w);
	do {
		before = w.n;
		proc_each(append_if_descends, &w);
	} while (w.n > before && w.n < cap);
	return (w.n);
}
