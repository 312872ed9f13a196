/* SPDX-License-Identifier: MIT */
#include <sys/prctl.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "os/kill.h"
#include "os/proc.h"
#include "os/reap.h"
#include "os/shared.h"
#include "os/spawn.h"
#include "os/tree.h"

#include "born.h"

TestSuite(tree, .timeout = 60);

#define MEMBERS_MAX 4096
#define FORKS       12 /* A child; three generations have room in MEMBERS_MAX. */

static struct proc_fact members[MEMBERS_MAX];

/* Ours, so that who is orphaned meanwhile is not another's to reap. */
static void
adopt_orphans(void)
{
	cr_assert_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
}

/* A child which does ${work} with stdout ${out}. */
static int
bear(int (*work)(void *, struct child_report *), void *arg, int out, bool own)
{
	struct spawn_plan plan = SPAWN_PLAN;
	struct spawned spawned;

	plan.prepare = work;
	plan.arg = arg;
	plan.stdio[1] = out;
	plan.session = own;
	if (spawn_start(&plan, &spawned, NULL) == -1)
		return (-1);
	(void)close(spawned.status_fd);
	return (spawned.pid);
}

/* Ignore TERM, say that we are there, and stay. */
static int
stubborn(void *arg, struct child_report *report)
{
	struct sigaction sa = { .sa_handler = SIG_IGN };

	(void)arg;
	(void)report;
	(void)alarm(50);
	(void)sigaction(SIGTERM, &sa, NULL);
	(void)!write(STDOUT_FILENO, "", 1);
	while (pause() == -1)
		;
	return (0);
}

/* Fork as fast as we can, every other child into a session of its own. */
static int
fork_happy(void *arg, struct child_report *report)
{
	int i, *depth = arg;

	(void)report;
	(void)alarm(50);
	(*depth)--;
	for (i = 0; i < FORKS; i++)
		if (bear(*depth > 0 ? fork_happy : stubborn, depth,
			STDOUT_FILENO, i % 2 == 0) == -1)
			break;
	while (pause() == -1)
		;
	return (0);
}

/* Wait for ${n} bytes from ${fd}; then everybody there is ready. */
static void
await_bytes(int fd, int n)
{
	char c;

	while (n-- > 0) {
		cr_assert(born_readable(fd));
		cr_assert_eq(read(fd, &c, 1), 1);
	}
}

/* Reap until there is nobody any more, neither alive nor a zombie. */
static void
await_nobody(void)
{
	struct reaped reaped;
	siginfo_t info;

	while (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) == 0)
		(void)reap_next(&reaped);
}

Test(tree, forking_tree_with_sessions_is_killed_whole)
{
	int out[2], depth = 3;
	size_t n;

	adopt_orphans();
	cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
	memset(members, 0, sizeof(members));
	members[0].pid = bear(fork_happy, &depth, out[1], true);
	(void)close(out[1]);
	/* In the midst of its forking. */
	await_bytes(out[0], 30);
	n = tree_kill(members, 1, MEMBERS_MAX);
	cr_assert_gt(n, 30);
	cr_assert_lt(n, MEMBERS_MAX);
	/* All orphans are ours, so whoever escaped would keep us here. */
	await_nobody();
	cr_assert_eq(tree_remaining(members, n), 0);
}

#define HOPS_MAX 200000
#define HOPPERS  8

static atomic_int *hops;

/*
 * Let a child go on in our place, so that we are never where we were seen.
 * A bare fork: a birth by spawn_start() takes longer than a whole look.
 */
static int
hop(void *arg, struct child_report *report)
{
	(void)arg;
	(void)report;
	while (atomic_fetch_add(hops, 1) < HOPS_MAX)
		if (fork() != 0)
			return (0);
	return (0);
}

/* The home of those who hop: takes each back in and forgets the dead. */
static int
hoppers_home(void *arg, struct child_report *report)
{
	struct sigaction sa = { .sa_handler = SIG_IGN };
	int i;

	(void)arg;
	(void)report;
	adopt_orphans();
	(void)sigaction(SIGCHLD, &sa, NULL);
	for (i = 0; i < HOPPERS; i++)
		(void)bear(hop, NULL, STDOUT_FILENO, false);
	(void)!write(STDOUT_FILENO, "", 1);
	while (pause() == -1)
		;
	return (0);
}

/* They are caught by skill and not by luck: again and again. */
Test(tree, those_who_fork_and_exit_all_the_time_are_caught)
{
	int out[2], round;

	hops = shared_map(sizeof(*hops));
	adopt_orphans();
	cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
	for (round = 0; round < 10; round++) {
		memset(members, 0, sizeof(members));
		atomic_store(hops, 0);
		members[0].pid = bear(hoppers_home, NULL, out[1], true);
		await_bytes(out[0], 1);
		cr_assert_lt(tree_kill(members, 1, MEMBERS_MAX), MEMBERS_MAX);
		await_nobody();
		/* They were ended and did not end by themselves. */
		cr_assert_lt(atomic_load(hops), HOPS_MAX);
	}
}

Test(tree, without_room_for_all_those_found_are_killed_and_the_rest_is_left)
{
	int out[2], depth = 2;
	size_t n;

	adopt_orphans();
	cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
	memset(members, 0, sizeof(members));
	members[0].pid = bear(fork_happy, &depth, out[1], true);
	(void)close(out[1]);
	await_bytes(out[0], 20);
	cr_assert_eq(tree_kill(members, 1, 8), 8);
	cr_assert_eq(members[8].pid, 0);
	(void)born_end(members[0].pid);
	/* The others are orphans now, and ours. */
	memset(members, 0, sizeof(members));
	members[0].pid = getpid();
	n = tree_kill(members, 1, MEMBERS_MAX);
	cr_assert_gt(n, 8);
	await_nobody();
}

/* B15 */
Test(tree, stopped_process_gets_its_signal)
{
	int out[2], status;
	siginfo_t info;
	pid_t pid;

	cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
	pid = bear(stubborn, NULL, out[1], true);
	await_bytes(out[0], 1);
	cr_assert_eq(kill_process(pid, SIGSTOP), 0);
	cr_assert_eq(waitid(P_PID, (id_t)pid, &info, WSTOPPED), 0);
	cr_assert_eq(proc_stat(pid, &members[0]), 0);
	cr_assert_eq(members[0].state, 'T');
	cr_assert_eq(tree_signal(members, 1, SIGUSR1), 1);
	status = born_end(pid);
	cr_assert_eq(WTERMSIG(status), SIGUSR1);
	cr_assert_eq(tree_signal(members, 1, SIGUSR1), 0);
}

/* B7 */
Test(tree, successor_of_a_member_is_left_alone)
{
	int out[2];
	pid_t pid;

	cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
	pid = bear(stubborn, NULL, out[1], true);
	await_bytes(out[0], 1);
	cr_assert_eq(proc_stat(pid, &members[0]), 0);
	members[0].start_ticks++;
	cr_assert_eq(tree_signal(members, 1, SIGKILL), 0);
	cr_assert_eq(tree_kill(members, 1, MEMBERS_MAX), 1);
	cr_assert_eq(tree_remaining(members, 1), 0);
	cr_assert_eq(proc_stat(pid, &members[0]), 0);
	cr_assert_not(proc_ended(&members[0]));
	cr_assert_neq(members[0].state, 'T');
	cr_assert_eq(tree_kill(members, 1, MEMBERS_MAX), 1);
	cr_assert_eq(WTERMSIG(born_end(pid)), SIGKILL);
}

Test(tree, we_and_pid_1_are_passed_over)
{
	memset(members, 0, sizeof(members));
	cr_assert_eq(proc_stat(getpid(), &members[0]), 0);
	cr_assert_eq(proc_stat(1, &members[1]), 0);
	cr_assert_eq(tree_signal(members, 2, SIGKILL), 0);
	/* We are still here, which is the assertion. */
}
