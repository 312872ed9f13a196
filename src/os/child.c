/* SPDX-License-Identifier: MIT */
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/child.h"
#include "os/child_report.h"
#include "os/exec.h"
#include "os/fds.h"
#include "os/signals.h"
#include "os/spawn_plan.h"
#include "os/tty.h"

static const char *const streams[3] = { "stdin", "stdout", "stderr" };

/* A descriptor above 2 from which the stream ${i} can be made, or -1. */
static int
stdio_source(int fd, int i, struct child_report *report)
{
	int source;

	if (fd == SPAWN_STDIO_NULL) {
		source = fds_lift(open("/dev/null", O_RDWR | O_CLOEXEC));
		if (source == -1)
			return (child_report_set(report, CHILD_STAGE_STDIO,
			    errno, "%s on /dev/null", streams[i]));
		return (source);
	}
	if (fd > 2 || fd == i || fd == SPAWN_STDIO_KEEP)
		return (fd);
	/* It may be overwritten before its turn comes. */
	if ((source = fcntl(fd, F_DUPFD_CLOEXEC, 3)) == -1)
		return (child_report_set(
		    report, CHILD_STAGE_STDIO, errno, "%s", streams[i]));
	return (source);
}

/* Make 0, 1 and 2 of ${fds}, which may be these three in any order. */
static int
setup_stdio(const int fds[3], struct child_report *report)
{
	int i, done, source[3];

	for (i = 0; i < 3; i++)
		if ((source[i] = stdio_source(fds[i], i, report)) == -1)
			return (-1);
	for (i = 0; i < 3; i++) {
		if (source[i] == SPAWN_STDIO_KEEP)
			continue;
		/* dup2() onto itself would leave it close-on-exec. */
		if (source[i] == i)
			done = fcntl(i, F_SETFD, 0);
		else
			done = dup2(source[i], i);
		if (done == -1)
			return (child_report_set(report, CHILD_STAGE_STDIO,
			    errno, "%s", streams[i]));
	}
	return (0);
}

/* The account named ${user}, or numbered so, as supervisord reads it. */
static struct passwd *
lookup(const char *user)
{
	char *end;
	unsigned long uid;

	if (isdigit((unsigned char)user[0])) {
		uid = strtoul(user, &end, 10);
		errno = 0;
		if (*end == '\0' && uid < (uid_t)-1)
			return (getpwuid((uid_t)uid));
	}
	errno = 0;
	return (getpwnam(user));
}

/* Did every id become ${pw}'s, with no way back to root? */
static int
is_for_good(const struct passwd *pw)
{
	uid_t ruid, euid, suid;
	gid_t rgid, egid, sgid;

	if (getresuid(&ruid, &euid, &suid) == -1 ||
	    getresgid(&rgid, &egid, &sgid) == -1)
		return (0);
	if (ruid != pw->pw_uid || euid != pw->pw_uid || suid != pw->pw_uid ||
	    rgid != pw->pw_gid || egid != pw->pw_gid || sgid != pw->pw_gid)
		return (0);
	return (pw->pw_uid == 0 || setuid(0) == -1);
}

static int
become(const char *user, struct child_report *report)
{
	struct passwd *pw = lookup(user);
	int code = errno;

	if (pw == NULL) {
		/* How "no such user" looks differs between name services. */
		if (code == ENOENT || code == ESRCH || code == EBADF ||
		    code == EPERM || code == 0)
			return (child_report_set(report, CHILD_STAGE_USER, 0,
			    "%s: no such user", user));
		return (child_report_set(
		    report, CHILD_STAGE_USER, code, "%s", user));
	}
	if (pw->pw_uid == geteuid() && pw->pw_uid == getuid())
		return (0);
	/* The groups first: afterwards they may not be set any more. */
	if (initgroups(pw->pw_name, pw->pw_gid) == -1 ||
	    setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) == -1 ||
	    setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) == -1)
		return (child_report_set(
		    report, CHILD_STAGE_USER, errno, "%s", user));
	if (!is_for_good(pw))
		return (child_report_set(report, CHILD_STAGE_USER, 0,
		    "%s: the change does not hold", user));
	return (0);
}

/* What comes before prepare(): after it nothing of the supervisor is left. */
static int
detach(
    const struct spawn_plan *plan, int status_fd, struct child_report *report)
{
	if (plan->session && setsid() == -1)
		return (child_report_set(
		    report, CHILD_STAGE_SESSION, errno, "%s", ""));
	if (plan->group && setpgid(0, 0) == -1)
		return (child_report_set(
		    report, CHILD_STAGE_SESSION, errno, "of processes"));
	/* All signals are blocked, SIGTTOU too.  Without it, it still runs. */
	if (plan->terminal != -1)
		(void)tty_give(plan->terminal, getpid());
	if (setup_stdio(plan->stdio, report) == -1)
		return (-1);
	if (!plan->keep_fds)
		fds_close_from(3, status_fd);
	if (plan->nofile != NULL &&
	    setrlimit(RLIMIT_NOFILE, plan->nofile) == -1)
		return (child_report_set(
		    report, CHILD_STAGE_LIMITS, errno, "open files"));
	return (0);
}

/* Run prepare(); a refusal always has a report. */
static int
prepare(const struct spawn_plan *plan, struct child_report *report)
{
	if (plan->prepare == NULL || plan->prepare(plan->arg, report) == 0)
		return (0);
	if (report->stage == CHILD_STAGE_NONE)
		(void)child_report_set(
		    report, CHILD_STAGE_ENVIRONMENT, 0, "the birth");
	return (-1);
}

/* The way to the command.  Returns only when it leads nowhere. */
static void
go(const struct spawn_plan *plan, struct child_report *report)
{
	if (prepare(plan, report) == -1)
		return;
	if (plan->user != NULL && become(plan->user, report) == -1)
		return;
	/* As that user: a directory which only root may enter is an error. */
	if (plan->directory != NULL && chdir(plan->directory) == -1) {
		(void)child_report_set(report, CHILD_STAGE_DIRECTORY, errno,
		    "%s", plan->directory);
		return;
	}
	if (plan->umask != SPAWN_UMASK_INHERIT)
		(void)umask((mode_t)plan->umask);
	if (plan->ignored != NULL)
		signals_ignore(plan->ignored);
	/* Last: what was sent to us since the fork acts now, by default. */
	signals_unblock();
	(void)exec_command(plan->argv, plan->envp, plan->path, report);
}

/* A child without a command.  Signals act: its work may hang. */
static int
work(const struct spawn_plan *plan, struct child_report *report)
{
	signals_unblock();
	return (plan->prepare != NULL ? plan->prepare(plan->arg, report) : 0);
}

_Noreturn void
child_run(const struct spawn_plan *plan, int status_fd)
{
	struct child_report report = { .stage = CHILD_STAGE_NONE };
	int code = CHILD_EXIT_FAILED;

	/* Before anything can be delivered: handlers are the parent's. */
	signals_default(plan->handled);
	if ((status_fd = fds_lift(status_fd)) == -1)
		_exit(CHILD_EXIT_FAILED);
	if (detach(plan, status_fd, &report) == 0) {
		if (plan->argv == NULL)
			code = work(plan, &report);
		else
			go(plan, &report);
	}
	/* One piece or none: it is shorter than PIPE_BUF, the pipe is empty. */
	if (report.stage != CHILD_STAGE_NONE)
		(void)!write(status_fd, &report, sizeof(report));
	_exit(code);
}
