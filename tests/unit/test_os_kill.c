/* SPDX-License-Identifier: MIT */
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "os/kill.h"
#include "os/pidfd.h"
#include "os/proc.h"
#include "os/reap.h"

#include "born.h"

TestSuite(kill, .timeout = 30);
TestSuite(reap, .timeout = 30);
TestSuite(pidfd, .timeout = 30);

static int
sleeper(void *arg, struct child_report *report)
{
	(void)arg;
	(void)report;
	(void)alarm(30);
	(void)pause();
	return (0);
}

static int
code(void *arg, struct child_report *report)
{
	(void)report;
	return (*(int *)arg);
}

/* B8: the pid of a fork that failed, and what it makes of a group. */
Test(kill, whatever_is_not_one_process_is_refused)
{
	const pid_t bad[] = { 1, 0, -1, -2, getpid() };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		errno = 0;
		cr_assert_eq(kill_process(bad[i], 0), -1);
		cr_assert_eq(errno, EINVAL);
		errno = 0;
		cr_assert_eq(kill_verified(bad[i], 0, 0), -1);
		cr_assert_eq(errno, EINVAL);
	}
}

Test(kill, whatever_is_not_one_group_is_refused)
{
	const pid_t bad[] = { 1, 0, -1, -2, getpgrp() };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		errno = 0;
		cr_assert_eq(kill_group(bad[i], 0), -1);
		cr_assert_eq(errno, EINVAL);
	}
}

Test(kill, queue_of_a_group_is_refused_for_no_group_of_a_child)
{
	const pid_t bad[] = { 1, 0, -1, -2, getpgrp() };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		errno = 0;
		cr_assert_eq(kill_queue_group(bad[i], 0, NULL), -1);
		cr_assert_eq(errno, EINVAL);
	}
}

Test(kill, child_gets_its_signal)
{
	pid_t pid = born_worker(sleeper, NULL);

	cr_assert_eq(kill_process(pid, SIGKILL), 0);
	cr_assert_eq(WTERMSIG(born_end(pid)), SIGKILL);
	cr_assert_eq(kill_process(pid, SIGKILL), -1);
	cr_assert_eq(errno, ESRCH);
}

/* B7 */
Test(kill, other_start_time_is_another_process)
{
	pid_t pid = born_worker(sleeper, NULL);
	struct proc_fact fact;

	cr_assert_eq(proc_stat(pid, &fact), 0);
	cr_assert_eq(kill_verified(pid, fact.start_ticks + 1, SIGKILL), -1);
	cr_assert_eq(errno, ESRCH);
	cr_assert_eq(kill_verified(pid, 0, SIGKILL), -1);
	cr_assert_eq(kill_verified(pid, fact.start_ticks, SIGTERM), 0);
	cr_assert_eq(WTERMSIG(born_end(pid)), SIGTERM);
}

Test(kill, impossible_signal_is_einval)
{
	pid_t pid = born_worker(sleeper, NULL);
	struct proc_fact fact;

	cr_assert_eq(proc_stat(pid, &fact), 0);
	cr_assert_eq(kill_verified(pid, fact.start_ticks, 1000), -1);
	cr_assert_eq(errno, EINVAL);
	(void)kill_process(pid, SIGKILL);
	(void)born_end(pid);
}

Test(pidfd, stays_with_its_process_and_tells_its_end)
{
	pid_t pid = born_worker(sleeper, NULL);
	struct proc_fact fact;
	int fd;

	cr_assert_eq(proc_stat(pid, &fact), 0);
	cr_assert_eq(pidfd_open_verified(pid, fact.start_ticks + 1), -1);
	cr_assert_eq(errno, ESRCH);
	fd = pidfd_open_verified(pid, fact.start_ticks);
	if (fd == -1 && errno == ENOSYS)
		cr_skip_test("this kernel has no pidfds");
	cr_assert_geq(fd, 0);
	cr_assert(pidfd_alive(fd));
	cr_assert_eq(kill_pidfd(fd, SIGKILL), 0);
	cr_assert(born_readable(fd));
	cr_assert_not(pidfd_alive(fd));
	(void)born_end(pid);
	cr_assert_eq(kill_pidfd(fd, SIGKILL), -1);
	cr_assert_eq(errno, ESRCH);
	(void)close(fd);
}

/* B1, B6 */
Test(reap, child_is_left_until_it_is_reaped)
{
	struct reaped r;
	pid_t pid;
	int zero = 0;

	cr_assert_not(reap_any_left());
	pid = born_worker(code, &zero);
	cr_assert(reap_any_left());
	while (reap_take(pid, &r) == 0)
		cr_assert(reap_any_left());
	cr_assert_not(reap_any_left());
}

Test(reap, many_deaths_at_once_are_each_told_once)
{
	enum { MANY = 200 };
	pid_t pids[MANY];
	struct reaped reaped;
	siginfo_t info;
	int i, j, seen = 0;

	for (i = 0; i < MANY; i++)
		cr_assert_gt(pids[i] = born_worker(code, &i), 1);
	for (i = 0; i < MANY; i++)
		cr_assert_eq(
		    waitid(P_PID, (id_t)pids[i], &info, WEXITED | WNOWAIT), 0);
	while (reap_next(&reaped)) {
		for (j = 0; j < MANY && pids[j] != reaped.pid; j++)
			;
		cr_assert_lt(j, MANY);
		cr_assert(WIFEXITED(reaped.status));
		cr_assert_eq(WEXITSTATUS(reaped.status), j);
		cr_assert_gt(reaped.usage.ru_maxrss, 0);
		pids[j] = 0;
		seen++;
	}
	cr_assert_eq(seen, MANY);
}

Test(reap, without_a_child_there_is_none)
{
	struct reaped reaped;

	cr_assert_eq(reap_next(&reaped), 0);
	cr_assert_eq(reap_peek(), 0);
}

Test(reap, living_child_is_not_reaped)
{
	pid_t pid = born_worker(sleeper, NULL);
	struct reaped reaped;

	cr_assert_eq(reap_next(&reaped), 0);
	cr_assert_eq(reap_peek(), 0);
	cr_assert_eq(reap_take(pid, &reaped), 0);
	(void)kill_process(pid, SIGKILL);
	(void)born_end(pid);
}

Test(reap, peek_leaves_the_child_and_its_facts)
{
	int seven = 7;
	pid_t pid = born_worker(code, &seven);
	struct reaped reaped;
	struct proc_fact fact;
	siginfo_t info;

	cr_assert_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	cr_assert_eq(reap_peek(), pid);
	cr_assert_eq(reap_peek(), pid);
	cr_assert_eq(proc_stat(pid, &fact), 0);
	cr_assert_eq(fact.state, 'Z');
	cr_assert_eq(fact.ppid, getpid());
	cr_assert_eq(reap_take(pid, &reaped), 1);
	cr_assert_eq(WEXITSTATUS(reaped.status), 7);
	cr_assert_eq(reap_peek(), 0);
}
