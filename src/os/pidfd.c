/* SPDX-License-Identifier: MIT */
#include <sys/syscall.h>

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "os/pidfd.h"
#include "os/proc.h"

/* The bare call.  Whoever forbids it means that there is none. */
static int
open_bare(pid_t pid)
{
#ifdef SYS_pidfd_open
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd == -1 && (errno == EPERM || errno == EINVAL))
		errno = ENOSYS;
	return (fd);
#else
	(void)pid;
	errno = ENOSYS;
	return (-1);
#endif
}

int
pidfd_open_verified(pid_t pid, uint64_t start_ticks)
{
	struct proc_fact fact;
	int fd;

	if (pid <= 0) {
		errno = ESRCH;
		return (-1);
	}
	if ((fd = open_bare(pid)) == -1)
		return (-1);
	/*
	 * In this order: who has the number now, and began before, had it
	 * when the descriptor was made.
	 */
	if (proc_stat(pid, &fact) == 0 && fact.start_ticks == start_ticks)
		return (fd);
	(void)close(fd);
	errno = ESRCH;
	return (-1);
}

int
pidfd_open_child(pid_t pid)
{
	return (open_bare(pid));
}

bool
pidfd_alive(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	/* An error tells nothing of its end, so it goes on being watched. */
	return (poll(&pfd, 1, 0) <= 0);
}
