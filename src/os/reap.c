/* SPDX-License-Identifier: MIT */
#include <sys/wait.h>

#include <errno.h>
#include <stddef.h>

#include "os/reap.h"

/* Reap ${pid}, or any for -1. */
static int
reap(pid_t pid, struct reaped *reaped)
{
	struct reaped got;

	do
		got.pid = wait4(pid, &got.status, WNOHANG, &got.usage);
	while (got.pid == -1 && errno == EINTR);
	if (got.pid <= 0)
		return (0);
	*reaped = got;
	return (1);
}

int
reap_next(struct reaped *reaped)
{
	return (reap(-1, reaped));
}

pid_t
reap_peek(void)
{
	siginfo_t info;
	int rc;

	/* waitid() leaves it alone when there is none. */
	info.si_pid = 0;
	do
		rc = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
	while (rc == -1 && errno == EINTR);
	return (rc == -1 ? 0 : info.si_pid);
}

bool
reap_any_left(void)
{
	siginfo_t info;
	int rc;

	do
		rc = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
	while (rc == -1 && errno == EINTR);
	return (rc == 0);
}

int
reap_take(pid_t pid, struct reaped *reaped)
{
	return (pid > 0 ? reap(pid, reaped) : 0);
}

int
reap_stopped(pid_t pid)
{
	siginfo_t info;
	int rc;

	info.si_pid = 0;
	do
		rc = waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG);
	while (rc == -1 && errno == EINTR);
	return (rc == -1 || info.si_pid == 0 ? 0 : info.si_status);
}
