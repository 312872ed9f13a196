/* SPDX-License-Identifier: MIT */
#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

#include "os/reap.h"

#include "born.h"

/* All that comes from ${fd} until its end. */
static void
drain(int fd, char *out)
{
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, out + len, BORN_OUT_MAX - 1 - len)) > 0 ||
	       (n == -1 && errno == EINTR))
		if (n > 0)
			len += (size_t)n;
	out[len] = '\0';
}

static enum spawn_state
final_state(int fd, struct child_report *report)
{
	enum spawn_state state = SPAWN_PENDING;

	while (state == SPAWN_PENDING && born_readable(fd))
		state = spawn_status(fd, report);
	(void)close(fd);
	return (state);
}

bool
born_run(struct spawn_plan *plan, struct born *born)
{
	bool own = plan->stdio[1] == SPAWN_STDIO_NULL;
	struct spawned spawned;
	struct err err;
	int out[2], rc;

	memset(born, 0, sizeof(*born));
	if (pipe2(out, O_CLOEXEC) == -1)
		return (false);
	if (own)
		plan->stdio[1] = out[1];
	rc = spawn_start(plan, &spawned, &err);
	if (own)
		plan->stdio[1] = SPAWN_STDIO_NULL;
	(void)close(out[1]);
	if (rc == 0) {
		drain(out[0], born->out);
		born->pid = spawned.pid;
		born->state = final_state(spawned.status_fd, &born->report);
		born->status = born_end(spawned.pid);
	}
	(void)close(out[0]);
	return (rc == 0);
}

pid_t
born_worker(int (*work)(void *, struct child_report *), void *arg)
{
	struct spawn_plan plan = SPAWN_PLAN;
	struct spawned spawned;
	struct err err;

	plan.prepare = work;
	plan.arg = arg;
	if (spawn_start(&plan, &spawned, &err) == -1)
		return (-1);
	(void)close(spawned.status_fd);
	return (spawned.pid);
}

int
born_end(pid_t pid)
{
	struct reaped reaped = { .status = -1 };
	siginfo_t info;

	while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == -1 &&
	       errno == EINTR)
		;
	(void)reap_take(pid, &reaped);
	return (reaped.status);
}

bool
born_readable(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int n;

	do
		n = poll(&pfd, 1, 10000);
	while (n == -1 && errno == EINTR);
	return (n == 1);
}

int
born_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (dir != NULL && readdir(dir) != NULL)
		n++;
	if (dir != NULL)
		(void)closedir(dir);
	return (n - 3); /* ".", ".." and the one which we looked with. */
}
