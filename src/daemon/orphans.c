/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/proc.h"
#include "os/proc_walk.h"
#include "os/tree.h"

#include "daemon/orphans.h"

#define ORPHANS_MIN 64

/* Make room for one more.  False: there is no memory, and the rest waits. */
static bool
grow(struct orphans *v)
{
	size_t cap = v->cap == 0 ? ORPHANS_MIN : v->cap * 2;
	struct proc_fact *facts;

	if (v->n < v->cap)
		return (true);
	if ((facts = reallocarray(v->facts, cap, sizeof(*facts))) == NULL)
		return (false);
	v->facts = facts;
	v->cap = cap;
	return (true);
}

/* Is the process of ${fact} among the first ${n}? */
static bool
is_known(const struct orphans *v, size_t n, const struct proc_fact *fact)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v->facts[i].pid == fact->pid &&
		    v->facts[i].start_ticks == fact->start_ticks)
			return (true);
	return (false);
}

/* What add() appends to: the first ${known} were there before. */
struct adding {
	struct orphans *v;
	size_t known;
};

static void
add(void *arg, pid_t pid)
{
	struct adding *a = arg;
	struct proc_fact fact;

	if (proc_stat(pid, &fact) == -1 || fact.ppid != getpid() ||
	    proc_ended(&fact) || is_known(a->v, a->known, &fact) || !grow(a->v))
		return;
	a->v->facts[a->v->n++] = fact;
}

static void
add_fact(void *arg, const struct proc_fact *fact)
{
	if (fact->ppid == getpid())
		add(arg, fact->pid);
}

/* Append our living children who are not there.  Return how many. */
static size_t
add_children(struct orphans *v)
{
	struct adding a = { .v = v, .known = v->n };

	if (!orphans_visible())
		return (0);
	if (proc_children(getpid(), add, &a) == -1)
		proc_each(add_fact, &a);
	return (v->n - a.known);
}

/* Find our children and all their descendants. */
static void
find(struct orphans *v)
{
	size_t roots;

	v->n = 0;
	roots = add_children(v);
	if (roots == 0)
		return;
	/* Where it is full, there may be more: once again with more room. */
	do
		v->n = proc_walk(v->facts, roots, v->cap);
	while (v->n == v->cap && grow(v));
}

bool
orphans_visible(void)
{
	char buf[16];
	ssize_t n = readlink("/proc/self", buf, sizeof(buf) - 1);

	if (n <= 0)
		return (false);
	buf[n] = '\0';
	return (strtol(buf, NULL, 10) == getpid());
}

size_t
orphans_tell(struct orphans *v)
{
	find(v);
	return (tree_signal(v->facts, v->n, SIGTERM));
}

size_t
orphans_tell_new(struct orphans *v)
{
	size_t n = add_children(v);

	return (tree_signal(v->facts + v->n - n, n, SIGTERM));
}

size_t
orphans_kill(struct orphans *v)
{
	find(v);
	return (tree_kill(v->facts, v->n, v->cap));
}

void
orphans_free(struct orphans *v)
{
	free(v->facts);
	*v = (struct orphans){ .n = 0 };
}
