/* SPDX-License-Identifier: MIT */
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/err.h"
#include "os/child.h"
#include "os/child_report.h"
#include "os/fds.h"
#include "os/kill.h"
#include "os/proc.h"
#include "os/shared.h"
#include "os/spawn.h"

#include "born.h"

TestSuite(spawn, .timeout = 30);

#define ARGV(...)  ((const char *const[]){ __VA_ARGS__, NULL })
#define SH(script) ARGV("/bin/sh", "-c", script)

static struct born born;

/* Run ${argv} with all else by default. */
static void
run(const char *const *argv)
{
	struct spawn_plan plan = SPAWN_PLAN;

	plan.argv = argv;
	cr_assert(born_run(&plan, &born));
}

/* The value of the line ${key} in what cat printed of /proc/self/status. */
static unsigned long long
status_line(const char *key)
{
	const char *line = strstr(born.out, key);

	cr_assert_not_null(line);
	return (strtoull(line + strlen(key), NULL, 16));
}

Test(spawn, command_which_starts_is_execed_and_its_code_comes_back)
{
	run(SH("exit 3"));
	cr_assert_eq(born.state, SPAWN_EXECED);
	cr_assert(WIFEXITED(born.status));
	cr_assert_eq(WEXITSTATUS(born.status), 3);
}

/* B10 */
Test(spawn, exit_127_is_not_a_failed_exec)
{
	run(SH("exit 127"));
	cr_assert_eq(born.state, SPAWN_EXECED);
	cr_assert_eq(WEXITSTATUS(born.status), 127);
}

/* A birth that hangs until something comes, or all is closed, on stdin. */
static int
hang(void *arg, struct child_report *report)
{
	char c;

	(void)arg;
	(void)report;
	(void)!read(STDIN_FILENO, &c, 1);
	return (0);
}

Test(spawn, pid_is_known_and_status_pending_while_the_birth_hangs)
{
	struct spawn_plan plan = SPAWN_PLAN;
	struct child_report report;
	struct spawned spawned;
	struct err err;
	int in[2];

	cr_assert_eq(pipe2(in, O_CLOEXEC), 0);
	plan.argv = SH("exit 0");
	plan.stdio[0] = in[0];
	plan.prepare = hang;
	cr_assert_eq(spawn_start(&plan, &spawned, &err), 0);
	cr_assert_gt(spawned.pid, 1);
	cr_assert(fcntl(spawned.status_fd, F_GETFL) & O_NONBLOCK);
	cr_assert(fcntl(spawned.status_fd, F_GETFD) & FD_CLOEXEC);
	cr_assert_eq(spawn_status(spawned.status_fd, &report), SPAWN_PENDING);
	(void)close(in[1]);
	(void)born_end(spawned.pid);
	cr_assert_eq(spawn_status(spawned.status_fd, &report), SPAWN_EXECED);
}

/* What a handler of ours would do in the child, were it to run there. */
static int *heard;

static void
hear(int signo)
{
	(void)signo;
	(*heard)++;
}

/* B4, and libev's handlers: none may run in a child. */
Test(spawn, signal_between_fork_and_exec_acts_by_default)
{
	struct spawn_plan plan = SPAWN_PLAN;
	struct sigaction sa = { .sa_handler = hear };
	struct spawned spawned;
	struct err err;
	int in[2], status;

	heard = shared_map(sizeof(*heard));
	(void)sigaction(SIGTERM, &sa, NULL);
	cr_assert_eq(pipe2(in, O_CLOEXEC), 0);
	plan.argv = SH("exit 0");
	plan.stdio[0] = in[0];
	plan.prepare = hang;
	cr_assert_eq(spawn_start(&plan, &spawned, &err), 0);
	cr_assert_eq(kill_process(spawned.pid, SIGTERM), 0);
	(void)close(in[1]);
	status = born_end(spawned.pid);
	cr_assert(WIFSIGNALED(status));
	cr_assert_eq(WTERMSIG(status), SIGTERM);
	cr_assert_eq(*heard, 0);
}

Test(spawn, our_mask_is_as_before)
{
	sigset_t set, now;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGUSR1);
	(void)sigprocmask(SIG_SETMASK, &set, NULL);
	run(SH("exit 0"));
	(void)sigprocmask(SIG_SETMASK, NULL, &now);
	cr_assert_eq(sigismember(&now, SIGUSR1), 1);
	cr_assert_eq(sigismember(&now, SIGTERM), 0);
}

/* B4, B5 */
Test(spawn, neither_mask_nor_ignored_signals_reach_the_child)
{
	struct sigaction sa = { .sa_handler = SIG_IGN };
	sigset_t all;
	int signo;

	for (signo = 1; signo <= SIGRTMAX; signo++)
		if (signo != SIGCHLD)
			(void)sigaction(signo, &sa, NULL);
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, NULL);
	run(ARGV("/bin/cat", "/proc/self/status"));
	cr_assert_eq(status_line("SigBlk:"), 0);
	cr_assert_eq(status_line("SigIgn:"), 0);
}

/* B5: what the C library hides can be ignored all the same. */
Test(spawn, hidden_signals_are_reset_too)
{
	/* The kernel's sigaction begins with the handler on x86 and ARM. */
	unsigned long ignore[8] = { 1 };

#if defined(__x86_64__) || defined(__aarch64__)
	cr_assert_eq(syscall(SYS_rt_sigaction, 32, ignore, NULL, 8), 0);
	cr_assert_eq(syscall(SYS_rt_sigaction, 33, ignore, NULL, 8), 0);
#endif
	run(ARGV("/bin/cat", "/proc/self/status"));
	cr_assert_eq(status_line("SigIgn:"), 0);
	(void)ignore;
}

/* B27.  The fourth is the one with which ls looks. */
Test(spawn, child_has_the_descriptors_0_1_2_alone)
{
	struct spawn_plan plan = SPAWN_PLAN;
	int i;

	for (i = 0; i < 900; i++)
		cr_assert_geq(dup(0), 0);
	plan.argv = ARGV("/bin/ls", "/proc/self/fd");
	cr_assert(born_run(&plan, &born));
	cr_assert_str_eq(born.out, "0\n1\n2\n3\n");
}

Test(spawn, we_keep_no_descriptor)
{
	int before;

	run(SH("exit 0"));
	before = born_fds();
	run(SH("exit 0"));
	run(ARGV("/no/such"));
	cr_assert_eq(born_fds(), before);
}

Test(spawn, no_descriptor_left_is_an_error_and_leaks_none)
{
	struct spawn_plan plan = SPAWN_PLAN;
	struct rlimit old, none;
	struct spawned spawned = { .pid = -7 };
	struct err err;
	int before = born_fds();

	plan.argv = SH("exit 0");
	cr_assert_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = old;
	/* Room for one end of a pipe. */
	none.rlim_cur = (rlim_t)dup(0) + 1;
	(void)close((int)none.rlim_cur - 1);
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	cr_assert_eq(spawn_start(&plan, &spawned, &err), -1);
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
	cr_assert_eq(err.code, EMFILE);
	cr_assert_eq(spawned.pid, -7);
	cr_assert_eq(born_fds(), before);
}

Test(spawn, stdio_may_be_our_own_three_in_any_order)
{
	struct spawn_plan plan = SPAWN_PLAN;
	int out[2], err[2], kept[2];
	char text[8] = "";

	cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
	cr_assert_eq(pipe2(err, O_CLOEXEC), 0);
	kept[0] = dup(1);
	kept[1] = dup(2);
	(void)dup2(out[1], 1);
	(void)dup2(err[1], 2);
	plan.argv = SH("echo out; echo err >&2");
	plan.stdio[1] = 2;
	plan.stdio[2] = 1;
	(void)born_run(&plan, &born);
	(void)dup2(kept[0], 1);
	(void)dup2(kept[1], 2);
	cr_assert_eq(read(out[0], text, sizeof(text)), 4);
	cr_assert(memcmp(text, "err\n", 4) == 0);
	cr_assert_eq(read(err[0], text, sizeof(text)), 4);
	cr_assert(memcmp(text, "out\n", 4) == 0);
}

Test(spawn, stdio_may_be_one_descriptor_for_all)
{
	struct spawn_plan plan = SPAWN_PLAN;
	int out[2];
	char text[16] = "";

	cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
	plan.argv = SH("echo out; echo err >&2");
	plan.stdio[1] = plan.stdio[2] = out[1];
	cr_assert(born_run(&plan, &born));
	cr_assert_eq(read(out[0], text, sizeof(text)), 8);
	cr_assert_str_eq(text, "out\nerr\n");
}

Test(spawn, stdio_by_default_is_dev_null)
{
	run(SH("readlink /proc/self/fd/0; readlink /proc/self/fd/2"));
	cr_assert_str_eq(born.out, "/dev/null\n/dev/null\n");
}

Test(spawn, closed_stdio_is_a_report)
{
	struct spawn_plan plan = SPAWN_PLAN;
	char text[CHILD_TEXT_MAX];

	plan.argv = SH("exit 0");
	plan.stdio[2] = 1000;
	cr_assert(born_run(&plan, &born));
	cr_assert_eq(born.state, SPAWN_FAILED);
	cr_assert_eq(born.report.stage, CHILD_STAGE_STDIO);
	cr_assert_str_eq(child_report_text(&born.report, text),
	    "cannot set up stderr: Bad file descriptor (stdio)");
	cr_assert_eq(WEXITSTATUS(born.status), CHILD_EXIT_FAILED);
}

Test(spawn, session_is_its_own)
{
	struct spawn_plan plan = SPAWN_PLAN;
	struct proc_fact fact;

	plan.argv = ARGV("/bin/cat", "/proc/self/stat");
	plan.session = true;
	cr_assert(born_run(&plan, &born));
	cr_assert_eq(proc_parse_stat(born.out, &fact), 0);
	cr_assert_eq(fact.pid, born.pid);
	cr_assert_eq(fact.sid, born.pid);
	cr_assert_eq(fact.pgid, born.pid);
}

Test(spawn, directory_umask_and_limit_are_as_planned)
{
	struct spawn_plan plan = SPAWN_PLAN;
	struct rlimit nofile = { 123, 456 };

	plan.argv = SH("pwd; umask; ulimit -n; ulimit -H -n");
	plan.directory = "/proc";
	plan.umask = 027;
	plan.nofile = &nofile;
	cr_assert(born_run(&plan, &born));
	cr_assert_str_eq(born.out, "/proc\n0027\n123\n456\n");
}

Test(spawn, missing_directory_is_a_report)
{
	struct spawn_plan plan = SPAWN_PLAN;
	char text[CHILD_TEXT_MAX];

	plan.argv = SH("exit 0");
	plan.directory = "/no/such";
	cr_assert(born_run(&plan, &born));
	cr_assert_eq(born.state, SPAWN_FAILED);
	cr_assert_str_eq(child_report_text(&born.report, text),
	    "cannot change to directory /no/such: "
	    "No such file or directory (chdir)");
}

Test(spawn, impossible_limit_is_a_report)
{
	struct spawn_plan plan = SPAWN_PLAN;
	struct rlimit nofile = { 2, 1 };

	plan.argv = SH("exit 0");
	plan.nofile = &nofile;
	cr_assert(born_run(&plan, &born));
	cr_assert_eq(born.state, SPAWN_FAILED);
	cr_assert_eq(born.report.stage, CHILD_STAGE_LIMITS);
	cr_assert_eq(born.report.code, EINVAL);
}

Test(spawn, environment_is_the_planned_one)
{
	struct spawn_plan plan = SPAWN_PLAN;

	plan.argv = ARGV("/usr/bin/env");
	plan.envp = ARGV("A=1", "B=two words");
	cr_assert(born_run(&plan, &born));
	cr_assert_str_eq(born.out, "A=1\nB=two words\n");
	plan.envp = NULL;
	cr_assert(born_run(&plan, &born));
	cr_assert_str_eq(born.out, "");
}

Test(spawn, unknown_user_is_a_report)
{
	struct spawn_plan plan = SPAWN_PLAN;
	char text[CHILD_TEXT_MAX];

	plan.argv = SH("exit 0");
	plan.user = "no-such-user";
	cr_assert(born_run(&plan, &born));
	cr_assert_eq(born.state, SPAWN_FAILED);
	cr_assert_str_eq(child_report_text(&born.report, text),
	    "cannot become user no-such-user: no such user (user)");
}

Test(spawn, user_is_changed_for_good_and_with_groups)
{
	struct spawn_plan plan = SPAWN_PLAN;

	if (geteuid() != 0)
		cr_skip_test("only root can");
	plan.argv = ARGV("/bin/cat", "/proc/self/status");
	plan.user = "nobody";
	cr_assert(born_run(&plan, &born));
	cr_assert_eq(born.state, SPAWN_EXECED);
	cr_assert_not_null(
	    strstr(born.out, "Uid:\t65534\t65534\t65534\t65534\n"));
	cr_assert_not_null(
	    strstr(born.out, "Gid:\t65534\t65534\t65534\t65534\n"));
	cr_assert_not_null(strstr(born.out, "Groups:\t65534 \n"));
	cr_assert_eq(status_line("CapEff:"), 0);
}

Test(spawn, user_may_be_a_number)
{
	struct spawn_plan plan = SPAWN_PLAN;

	if (geteuid() != 0)
		cr_skip_test("only root can");
	plan.argv = SH("id -un");
	plan.user = "65534";
	cr_assert(born_run(&plan, &born));
	cr_assert_str_eq(born.out, "nobody\n");
}

Test(spawn, directory_is_entered_as_the_user)
{
	struct spawn_plan plan = SPAWN_PLAN;
	char dir[] = "/tmp/spawn-XXXXXX";

	if (geteuid() != 0)
		cr_skip_test("only root can");
	cr_assert_not_null(mkdtemp(dir));
	plan.argv = SH("exit 0");
	plan.user = "nobody";
	plan.directory = dir;
	cr_assert(born_run(&plan, &born));
	(void)rmdir(dir);
	cr_assert_eq(born.report.stage, CHILD_STAGE_DIRECTORY);
	cr_assert_eq(born.report.code, EACCES);
}

static int
rewrite(void *arg, struct child_report *report)
{
	struct spawn_plan *plan = arg;
	static const char *const env[] = { "FROM=prepare", NULL };

	(void)report;
	plan->envp = env;
	return (0);
}

Test(spawn, prepare_may_change_the_plan_in_the_child_alone)
{
	struct spawn_plan plan = SPAWN_PLAN;

	plan.argv = ARGV("/usr/bin/env");
	plan.prepare = rewrite;
	plan.arg = &plan;
	cr_assert(born_run(&plan, &born));
	cr_assert_str_eq(born.out, "FROM=prepare\n");
	cr_assert_null(plan.envp);
}

static int
refuse(void *arg, struct child_report *report)
{
	return (child_report_set(
	    report, CHILD_STAGE_ENVIRONMENT, ENOENT, "%s", (const char *)arg));
}

Test(spawn, prepare_may_refuse_with_a_report)
{
	struct spawn_plan plan = SPAWN_PLAN;
	char text[CHILD_TEXT_MAX], file[] = "/etc/x.env";

	plan.argv = SH("exit 0");
	plan.prepare = refuse;
	plan.arg = file;
	cr_assert(born_run(&plan, &born));
	cr_assert_eq(born.state, SPAWN_FAILED);
	cr_assert_str_eq(child_report_text(&born.report, text),
	    "cannot prepare /etc/x.env: "
	    "No such file or directory (environment)");
}

static int
five(void *arg, struct child_report *report)
{
	(void)arg;
	(void)report;
	return (5);
}

Test(spawn, plan_without_a_command_is_its_prepare_alone)
{
	struct spawn_plan plan = SPAWN_PLAN;

	plan.prepare = five;
	cr_assert(born_run(&plan, &born));
	cr_assert_eq(born.state, SPAWN_EXECED);
	cr_assert_eq(WEXITSTATUS(born.status), 5);
}

Test(spawn, hung_work_without_a_command_dies_of_term)
{
	struct spawn_plan plan = SPAWN_PLAN;
	struct spawned spawned;
	struct err err;
	int in[2], status;

	cr_assert_eq(pipe2(in, O_CLOEXEC), 0);
	plan.stdio[0] = in[0];
	plan.prepare = hang;
	cr_assert_eq(spawn_start(&plan, &spawned, &err), 0);
	cr_assert_eq(kill_process(spawned.pid, SIGTERM), 0);
	status = born_end(spawned.pid);
	cr_assert(WIFSIGNALED(status));
}

/* What a kernel without close_range(2) gets. */
static int
walk_fds(void *arg, struct child_report *report)
{
	int i;

	(void)arg;
	(void)report;
	for (i = 0; i < 900; i++)
		if (dup(0) == -1)
			return (1);
	fds_close_walk(3, 500);
	if (born_fds() != 4 || fcntl(500, F_GETFD) == -1)
		return (2);
	return (0);
}

Test(spawn, descriptors_are_closed_without_close_range)
{
	pid_t pid = born_worker(walk_fds, NULL);

	cr_assert_gt(pid, 1);
	cr_assert_eq(born_end(pid), 0);
}
