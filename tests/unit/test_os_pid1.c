/* SPDX-License-Identifier: MIT */
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/err.h"
#include "os/fds.h"
#include "os/pid1.h"
#include "os/spawn.h"

#include "born.h"

TestSuite(pid1, .timeout = 30);

static struct err err;

/* Each works on itself in a child; what it returns is what went wrong. */
#define AS_CHILD(work)                                                         \
	cr_assert_eq(WEXITSTATUS(born_end(born_worker(work, NULL))), 0)

static int
without_stdio(void *arg, struct child_report *report)
{
	char target[16] = "";

	(void)arg;
	(void)report;
	(void)close(0);
	(void)close(2);
	if (pid1_stdio(&err) == -1 || fcntl(0, F_GETFD) == -1 ||
	    fcntl(2, F_GETFD) == -1)
		return (1);
	if (readlink("/proc/self/fd/0", target, sizeof(target) - 1) == -1 ||
	    strcmp(target, "/dev/null") != 0)
		return (2);
	/* 0, 1, 2 and the pipe for the report. */
	return (born_fds() == 4 ? 0 : 3);
}

/* What a command is given by SPAWN_STDIO_KEEP, and what stays with us. */
static int
without_inherited(void *arg, struct child_report *report)
{
	int ours, inherited;

	(void)arg;
	(void)report;
	inherited = dup(0);
	ours = fcntl(0, F_DUPFD_CLOEXEC, inherited + 2);
	(void)dup2(0, inherited + 1);
	(void)dup2(0, ours + 1);
	fds_close_inherited(ours);
	if (fcntl(inherited, F_GETFD) != -1 ||
	    fcntl(inherited + 1, F_GETFD) != -1 ||
	    fcntl(ours + 1, F_GETFD) != -1)
		return (1);
	return (fcntl(ours, F_GETFD) == FD_CLOEXEC ? 0 : 2);
}

static int
closed_at_exec(void *arg, struct child_report *report)
{
	(void)arg;
	(void)report;
	(void)close(0);
	if (pid1_stdio(&err) == -1)
		return (1);
	return (fcntl(0, F_GETFD) == FD_CLOEXEC ? 0 : 2);
}

/* The value of the line ${key} of our status. */
static unsigned long long
status_line(const char *key)
{
	char text[4096], *line;
	int fd = open("/proc/self/status", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	(void)close(fd);
	text[n > 0 ? n : 0] = '\0';
	line = strstr(text, key);
	return (line == NULL ? 1 : strtoull(line + strlen(key), NULL, 16));
}

static int
with_bad_signals(void *arg, struct child_report *report)
{
	struct sigaction sa = { .sa_handler = SIG_IGN };
	sigset_t all;
	int signo;

	(void)arg;
	(void)report;
	for (signo = 1; signo <= SIGRTMAX; signo++)
		(void)sigaction(signo, &sa, NULL);
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, NULL);
	pid1_signals();
	if (status_line("SigBlk:") != 0)
		return (1);
	if (status_line("SigIgn:") != 0)
		return (2);
	/* SIGPIPE is heard and nothing comes of it. */
	(void)raise(SIGPIPE);
	(void)sigaction(SIGPIPE, NULL, &sa);
	return (sa.sa_handler == SIG_IGN || sa.sa_handler == SIG_DFL ? 3 : 0);
}

static int
with_open_files(void *arg, struct child_report *report)
{
	int i;

	(void)arg;
	(void)report;
	for (i = 0; i < 900; i++)
		if (dup(0) == -1)
			return (1);
	pid1_close_inherited();
	return (born_fds() == 3 ? 0 : 2);
}

static int
with_low_limit(void *arg, struct child_report *report)
{
	struct rlimit low = { 100, 200 }, old, now;

	(void)arg;
	(void)report;
	if (setrlimit(RLIMIT_NOFILE, &low) == -1)
		return (1);
	if (pid1_raise_nofile(&old) != 200)
		return (2);
	if (old.rlim_cur != 100 || old.rlim_max != 200)
		return (3);
	return (
	    getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur == 200 ? 0 : 4);
}

static int
adopts(void *arg, struct child_report *report)
{
	int is = 0;

	(void)arg;
	(void)report;
	if (pid1_subreaper(&err) == -1 || prctl(PR_GET_CHILD_SUBREAPER, &is))
		return (1);
	return (is == 1 && !pid1_is() ? 0 : 2);
}

static int
leaves(void *arg, struct child_report *report)
{
	char cwd[64];

	(void)arg;
	(void)report;
	if (chdir("/proc") == -1)
		return (1);
	pid1_leave_directory();
	return (
	    getcwd(cwd, sizeof(cwd)) != NULL && strcmp(cwd, "/") == 0 ? 0 : 2);
}

Test(pid1, closed_stdio_becomes_dev_null)
{
	AS_CHILD(without_stdio);
}

/* B2, B3, B5 */
Test(pid1, closed_stdio_stays_closed_for_a_command)
{
	AS_CHILD(closed_at_exec);
}

Test(pid1, inherited_descriptors_are_told_from_ours)
{
	AS_CHILD(without_inherited);
}

Test(pid1, blocked_and_ignored_signals_make_no_difference)
{
	AS_CHILD(with_bad_signals);
}

/* B27 */
Test(pid1, inherited_descriptors_are_closed)
{
	AS_CHILD(with_open_files);
}

/* B26 */
Test(pid1, descriptor_limit_is_raised_and_the_old_one_told)
{
	AS_CHILD(with_low_limit);
}

/* B39 */
Test(pid1, orphans_are_adopted_without_being_pid_1)
{
	AS_CHILD(adopts);
}

/* B43 */
Test(pid1, working_directory_pins_no_file_system)
{
	AS_CHILD(leaves);
}
