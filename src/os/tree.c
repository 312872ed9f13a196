/* SPDX-License-Identifier: MIT */
#include <sched.h>
#include <signal.h>
#include <stdbool.h>

#include "os/kill.h"
#include "os/proc.h"
#include "os/proc_walk.h"
#include "os/tree.h"

/*
 * Mostly two or three do.  The bound is for a tree which has a member that we
 * may not stop, or that sleeps where no signal reaches it; it must not hold
 * us up for longer than some milliseconds.
 */
#define TREE_PASSES 64

/* Send to that very process.  Our own children too: it costs little. */
static int
deliver(const struct proc_fact *member, int signo)
{
	if (proc_ended(member))
		return (-1);
	return (kill_verified(member->pid, member->start_ticks, signo));
}

size_t
tree_signal(const struct proc_fact *members, size_t n, int signo)
{
	size_t i, got = 0;

	for (i = 0; i < n; i++) {
		if (deliver(&members[i], signo) == -1)
			continue;
		(void)deliver(&members[i], SIGCONT);
		got++;
	}
	return (got);
}

/*
 * Stop ${member}.  A SIGSTOP which is only pending does not prevent a fork
 * which has begun, since Linux 4.19; so the pass counts in which each was
 * seen stopped before its children were listed.
 */
static void
freeze(void *arg, const struct proc_fact *member)
{
	bool *settled = arg;

	if (member != NULL && proc_stopped(member))
		return;
	*settled = false;
	if (member != NULL)
		(void)deliver(member, SIGSTOP);
}

bool
tree_freeze(struct proc_fact *members, size_t *n, size_t cap)
{
	size_t before = *n;
	bool settled = true;

	*n = proc_walk_visit(members, before, cap, freeze, &settled);
	return (settled && *n == before);
}

size_t
tree_kill(struct proc_fact *members, size_t n, size_t cap)
{
	size_t i;
	int pass;

	/* They cannot stop while they get no processor. */
	for (pass = 0; pass < TREE_PASSES && !tree_freeze(members, &n, cap);
	     pass++)
		(void)sched_yield();
	for (i = 0; i < n; i++)
		(void)deliver(&members[i], SIGKILL);
	return (n);
}

size_t
tree_remaining(struct proc_fact *members, size_t n)
{
	size_t i, left = 0;

	for (i = 0; i < n; i++) {
		if (proc_refresh(&members[i]) == -1 || proc_ended(&members[i]))
			continue;
		members[left++] = members[i];
	}
	return (left);
}
