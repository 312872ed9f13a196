/* SPDX-License-Identifier: MIT */
#include <signal.h>

#include "os/kill.h"
#include "os/proc.h"
#include "os/proc_walk.h"
#include "os/tree.h"

/*
 * Each pass stops what the one before could not see.  A tree is caught in two
 * or three; the bound is for one whose members we may not stop.
 */
#define TREE_PASSES 32

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

size_t
tree_kill(struct proc_fact *members, size_t n, size_t cap)
{
	size_t i, frozen = 0, found = n;
	int pass;

	for (i = 0; i < n; i++)
		(void)proc_refresh(&members[i]);
	for (pass = 0; pass < TREE_PASSES && frozen < found; pass++) {
		for (; frozen < found; frozen++)
			(void)deliver(&members[frozen], SIGSTOP);
		found = proc_walk(members, found, cap);
	}
	for (i = 0; i < found; i++)
		(void)deliver(&members[i], SIGKILL);
	return (found);
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
