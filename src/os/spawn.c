/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

#include "os/child.h"
#include "os/fds.h"
#include "os/signals.h"
#include "os/spawn.h"

_Static_assert(sizeof(struct child_report) <= PIPE_BUF,
    "a report passes through the pipe in one piece");

/* A pipe for the report: ${fds}[0] ours, non-blocking and above 2. */
static int
status_pipe(int fds[2], struct err *err)
{
	if (pipe2(fds, O_CLOEXEC) == -1)
		return (err_set(err, errno, "cannot make a pipe"));
	if ((fds[0] = fds_lift(fds[0])) == -1) {
		(void)err_set(err, errno, "cannot make a pipe");
		(void)close(fds[1]);
		return (-1);
	}
	/* The other end stays blocking; the flag is not shared by the two. */
	(void)fcntl(fds[0], F_SETFL, O_NONBLOCK);
	return (0);
}

int
spawn_start(
    const struct spawn_plan *plan, struct spawned *spawned, struct err *err)
{
	sigset_t old;
	pid_t pid;
	int fds[2], code;

	if (status_pipe(fds, err) == -1)
		return (-1);
	/*
	 * Until the child has its dispositions reset, a signal for it would
	 * run our handlers there, which would tell our loop through a
	 * descriptor that both share, and the child would not hear of it.
	 */
	signals_block(&old);
	if ((pid = fork()) == 0) {
		(void)close(fds[0]);
		child_run(plan, fds[1]);
	}
	code = errno;
	signals_restore(&old);
	(void)close(fds[1]);
	if (pid == -1) {
		(void)close(fds[0]);
		return (err_set(err, code, "cannot fork"));
	}
	spawned->pid = pid;
	spawned->status_fd = fds[0];
	return (0);
}

/* Is ${report} one which our own child could have written? */
static bool
is_sound(const struct child_report *report)
{
	return (report->stage > CHILD_STAGE_NONE &&
		report->stage < CHILD_STAGE_COUNT &&
		memchr(report->detail, '\0', sizeof(report->detail)) != NULL);
}

enum spawn_state
spawn_status(int fd, struct child_report *report)
{
	struct child_report got;
	ssize_t n;

	do
		n = read(fd, &got, sizeof(got));
	while (n == -1 && errno == EINTR);
	if (n == -1 && errno == EAGAIN)
		return (SPAWN_PENDING);
	if (n != (ssize_t)sizeof(got) || !is_sound(&got))
		return (SPAWN_EXECED);
	*report = got;
	return (SPAWN_FAILED);
}
