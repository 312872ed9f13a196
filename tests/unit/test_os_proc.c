/* SPDX-License-Identifier: MIT */
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "os/kill.h"
#include "os/proc.h"
#include "os/proc_walk.h"
#include "os/spawn.h"

#include "born.h"

TestSuite(proc, .timeout = 30);
TestSuite(proc_walk, .timeout = 30);

#define FACTS_MAX 4096

static struct proc_fact facts[FACTS_MAX];

/* A generation: makes one below it until ${*arg} is 0, then tells its pid. */
static int
generation(void *arg, struct child_report *report)
{
	int *depth = arg;
	struct spawn_plan plan = SPAWN_PLAN;
	struct spawned spawned;
	struct err *none = NULL;
	pid_t self = getpid();

	(void)report;
	(void)alarm(30);
	if ((*depth)-- > 0) {
		plan.prepare = generation;
		plan.arg = depth;
		plan.stdio[1] = STDOUT_FILENO;
		if (spawn_start(&plan, &spawned, none) == -1)
			return (1);
	}
	(void)!write(STDOUT_FILENO, &self, sizeof(self));
	(void)pause();
	return (0);
}

/* Start a line of ${depth} + 1 processes, all alive.  Return the first. */
static pid_t
line_of(int depth, pid_t *pids)
{
	struct spawn_plan plan = SPAWN_PLAN;
	struct spawned spawned;
	int i, left = depth, out[2];

	cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
	plan.prepare = generation;
	plan.arg = &left;
	plan.stdio[1] = out[1];
	cr_assert_eq(spawn_start(&plan, &spawned, NULL), 0);
	for (i = 0; i <= depth; i++) {
		cr_assert(born_readable(out[0]));
		cr_assert_eq(read(out[0], &pids[i], sizeof(pids[i])),
		    (ssize_t)sizeof(pids[i]));
	}
	(void)close(out[0]);
	(void)close(out[1]);
	return (spawned.pid);
}

/* End those who were told of, as far as they are there. */
static void
end_all(const struct proc_fact *members, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		(void)kill_verified(
		    members[i].pid, members[i].start_ticks, SIGKILL);
}

static void
ignore(void *arg, const struct proc_fact *fact)
{
	(void)arg;
	(void)fact;
}

static int
has(size_t n, pid_t pid)
{
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		count += facts[i].pid == pid;
	return (count == 1);
}

Test(proc, stat_is_parsed_whatever_the_command)
{
	static const char *const commands[] = { "sh", "a) R (b", ")", "(",
		"x) S 1 1 1 (", "two words", "new\nline", "" };
	struct proc_fact fact;
	char text[256];
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		(void)snprintf(text, sizeof(text),
		    "42 (%s) D 7 41 40 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 3 0 "
		    "987654321012 1000 2 18446744073709551615\n",
		    commands[i]);
		memset(&fact, 0, sizeof(fact));
		cr_assert_eq(proc_parse_stat(text, &fact), 0);
		cr_assert_eq(fact.pid, 42);
		cr_assert_eq(fact.state, 'D');
		cr_assert_eq(fact.ppid, 7);
		cr_assert_eq(fact.pgid, 41);
		cr_assert_eq(fact.sid, 40);
		cr_assert_eq(fact.threads, 3);
		cr_assert_eq(fact.start_ticks, 987654321012u);
	}
}

Test(proc, stat_cut_short_is_none)
{
	const char *whole = "42 (sh) D 7 41 40 0 -1 4194304 1 2 3 4 5 6 7 8 "
			    "20 0 3 0 987654321012 ";
	struct proc_fact fact;
	char text[256];
	size_t len;

	for (len = 0; len < strlen(whole); len++) {
		(void)snprintf(text, sizeof(text), "%.*s", (int)len, whole);
		cr_assert_eq(proc_parse_stat(text, &fact), -1, "%s", text);
	}
	cr_assert_eq(proc_parse_stat(whole, &fact), 0);
}

Test(proc, own_facts_are_known)
{
	struct proc_fact fact;

	cr_assert_eq(prctl(PR_SET_NAME, "a) R 1 (b c"), 0);
	cr_assert_eq(proc_stat(getpid(), &fact), 0);
	cr_assert_eq(fact.pid, getpid());
	cr_assert_eq(fact.ppid, getppid());
	cr_assert_eq(fact.pgid, getpgrp());
	cr_assert_eq(fact.sid, getsid(0));
	cr_assert_eq(fact.state, 'R');
	cr_assert_geq(fact.threads, 1);
	cr_assert_gt(fact.start_ticks, 0);
}

Test(proc, no_such_process_is_esrch)
{
	struct proc_fact fact = { .pid = -7 };

	cr_assert_eq(proc_stat(0x3fffffff, &fact), -1);
	cr_assert_eq(errno, ESRCH);
	cr_assert_eq(fact.pid, -7);
}

Test(proc, refresh_tells_a_successor_from_the_one_who_was_meant)
{
	struct proc_fact fact;

	cr_assert_eq(proc_stat(getpid(), &fact), 0);
	cr_assert_eq(proc_refresh(&fact), 0);
	fact.start_ticks++;
	cr_assert_eq(proc_refresh(&fact), -1);
	cr_assert(proc_ended(&fact));
	fact.start_ticks = 0;
	cr_assert_eq(proc_refresh(&fact), 0);
	cr_assert_not(proc_ended(&fact));
}

Test(proc, zombie_whose_threads_live_has_not_ended)
{
	const struct proc_fact one = { .state = 'Z', .threads = 1 };
	const struct proc_fact two = { .state = 'Z', .threads = 2 };

	cr_assert(proc_ended(&one));
	cr_assert_not(proc_ended(&two));
}

static void *
idle(void *arg)
{
	(void)pause();
	return (arg);
}

/* Two threads, of which the first has ended. */
static int
leave_a_thread(void *arg, struct child_report *report)
{
	pthread_t thread;

	(void)arg;
	(void)report;
	(void)alarm(30);
	if (pthread_create(&thread, NULL, idle, NULL) != 0)
		return (1);
	pthread_exit(NULL);
}

Test(proc, process_is_stopped_when_all_its_threads_are)
{
	pid_t pid = born_worker(leave_a_thread, NULL);
	struct proc_fact fact;
	siginfo_t info;

	do
		cr_assert_eq(proc_stat(pid, &fact), 0);
	while (fact.state != 'Z');
	cr_expect_eq(fact.threads, 2);
	cr_expect_not(proc_ended(&fact));
	cr_expect_not(proc_stopped(&fact));
	(void)kill_process(pid, SIGSTOP);
	cr_assert_eq(waitid(P_PID, (id_t)pid, &info, WSTOPPED), 0);
	cr_expect_eq(proc_refresh(&fact), 0);
	cr_expect(proc_stopped(&fact));
	(void)kill_process(pid, SIGKILL);
	(void)born_end(pid);
	cr_expect(proc_stat(getpid(), &fact) == 0 && !proc_stopped(&fact));
}

/* Of proc_each(): who came last, whether in order, and whether we did. */
struct walked {
	pid_t last;
	bool ascending;
	int seen;
};

static void
walk_on(void *arg, const struct proc_fact *fact)
{
	struct walked *w = arg;

	w->ascending &= fact->pid > w->last;
	w->last = fact->pid;
	w->seen += fact->pid == getpid();
}

Test(proc, each_sees_us_once_in_ascending_order)
{
	struct walked w = { .ascending = true };

	proc_each(walk_on, &w);
	cr_assert_eq(w.seen, 1);
	cr_assert(w.ascending);
}

Test(proc, environment_of_a_process_is_searched_by_whole_names)
{
	static char longest[20000];
	struct spawn_plan plan = SPAWN_PLAN;
	struct spawned spawned;
	int in[2];
	char value[64];

	memset(longest, 'x', sizeof(longest) - 1);
	memcpy(longest, "LONG=", 5);
	cr_assert_eq(pipe2(in, O_CLOEXEC), 0);
	plan.argv = (const char *const[]){ "/bin/cat", "-", "a\nb", NULL };
	plan.envp = (const char *const[]){ longest, "COOKIES=no", "XCOOKIE=no",
		"B", "COOKIE=yes=1", "EMPTY=", "COOKIE=second", NULL };
	plan.stdio[0] = in[0];
	cr_assert_eq(spawn_start(&plan, &spawned, NULL), 0);
	cr_assert(born_readable(spawned.status_fd));
	cr_assert_eq(
	    proc_environ_value(spawned.pid, "COOKIE", value, sizeof(value)), 5);
	cr_assert_str_eq(value, "yes=1");
	cr_assert_eq(
	    proc_environ_value(spawned.pid, "EMPTY", value, sizeof(value)), 0);
	cr_assert_str_eq(value, "");
	cr_assert_eq(
	    proc_environ_value(spawned.pid, "COOK", value, sizeof(value)), -1);
	cr_assert_eq(errno, ENOENT);
	cr_assert_eq(
	    proc_environ_value(spawned.pid, "LONG", value, sizeof(value)), -1);
	cr_assert_eq(errno, ENAMETOOLONG);
	cr_assert_str_eq(
	    proc_cmdline(spawned.pid, value, sizeof(value)), "/bin/cat - a?b");
	/* The value and its NUL, to the byte. */
	cr_assert_eq(proc_environ_value(spawned.pid, "COOKIE", value, 6), 5);
	cr_assert_eq(proc_environ_value(spawned.pid, "COOKIE", value, 5), -1);
	(void)close(in[1]);
	(void)born_end(spawned.pid);
}

Test(proc, names_for_messages_are_clean)
{
	char text[64];

	cr_assert_eq(prctl(PR_SET_NAME, "a\nb\tc"), 0);
	cr_assert_str_eq(proc_comm(getpid(), text, sizeof(text)), "a?b?c");
	cr_assert_str_eq(proc_comm(0x3fffffff, text, sizeof(text)), "");
	cr_assert_str_eq(proc_cmdline(0x3fffffff, text, sizeof(text)), "");
	cr_assert_str_eq(proc_cmdline(getpid(), text, 1), "");
	cr_assert_lt(strlen(proc_wchan(getpid(), text, sizeof(text))), 64);
}

Test(proc, pending_signal_is_seen_until_it_is_taken)
{
	sigset_t set;
	int signo;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR1);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	cr_assert_not(proc_pending(getpid(), SIGUSR1));
	(void)kill(getpid(), SIGUSR1);
	cr_assert(proc_pending(getpid(), SIGUSR1));
	cr_assert_not(proc_pending(getpid(), SIGUSR2));
	cr_assert_not(proc_pending(getpid(), 0));
	(void)sigwait(&set, &signo);
	cr_assert_not(proc_pending(getpid(), SIGUSR1));
}

Test(proc, boot_has_an_id)
{
	char id[PROC_BOOT_ID_MAX];

	cr_assert_eq(proc_boot_id(id), 0);
	cr_assert_eq(strlen(id), PROC_BOOT_ID_MAX - 1);
	cr_assert_eq(id[8], '-');
}

Test(proc_walk, descendants_are_found_each_way)
{
	pid_t pids[6];
	size_t i, n;
	int way;

	pids[5] = line_of(4, pids);
	for (way = 0; way < 2; way++) {
		memset(facts, 0, sizeof(facts));
		facts[0].pid = pids[5];
		if (way == 0)
			n = proc_walk(facts, 1, FACTS_MAX);
		else
			n = proc_walk_slowly(facts, 1, FACTS_MAX, ignore, NULL);
		cr_expect_eq(n, 5);
		for (i = 0; i < 5; i++)
			cr_expect(has(n, pids[i]));
	}
	end_all(facts, n);
	(void)born_end(pids[5]);
}

Test(proc_walk, root_below_a_root_is_counted_once)
{
	pid_t pids[3];
	size_t n;

	(void)line_of(2, pids);
	memset(facts, 0, sizeof(facts));
	facts[0].pid = pids[1];
	facts[1].pid = pids[0];
	facts[2].pid = pids[2];
	n = proc_walk(facts, 3, FACTS_MAX);
	cr_expect_eq(n, 3);
	cr_expect_eq(proc_walk_slowly(facts, n, FACTS_MAX, ignore, NULL), 3);
	end_all(facts, n);
}

Test(proc_walk, room_is_never_exceeded)
{
	pid_t pids[3], first = line_of(2, pids);
	size_t n;

	memset(facts, 0, sizeof(facts));
	facts[0].pid = first;
	facts[2].pid = -7;
	cr_expect_eq(proc_walk(facts, 1, 2), 2);
	cr_expect_eq(proc_walk_slowly(facts, 1, 2, ignore, NULL), 2);
	cr_expect_eq(facts[2].pid, -7);
	n = proc_walk(facts, 1, FACTS_MAX);
	end_all(facts, n);
}

/* B7 */
Test(proc_walk, children_of_a_successor_are_not_taken)
{
	pid_t pids[3], first = line_of(2, pids);
	size_t n;

	memset(facts, 0, sizeof(facts));
	cr_assert_eq(proc_stat(first, &facts[0]), 0);
	facts[0].start_ticks--;
	cr_expect_eq(proc_walk(facts, 1, FACTS_MAX), 1);
	cr_expect_eq(facts[0].state, 'X');
	facts[0].start_ticks = 0;
	n = proc_walk(facts, 1, FACTS_MAX);
	cr_expect_eq(n, 3);
	end_all(facts, n);
}
