/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "os/fds.h"
#include "os/tty.h"

int
tty_open(void)
{
	int i,
	    fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd != -1)
		return (fds_lift(fd));
	/* ENXIO: we have none.  All else speaks of the file alone. */
	if (errno == ENXIO)
		return (-1);
	for (i = 0; i < 3; i++)
		if (tcgetpgrp(i) != -1)
			return (fcntl(i, F_DUPFD_CLOEXEC, 3));
	return (-1);
}

bool
tty_is_ours(int fd)
{
	pid_t pgid = getpgrp();
	char none;

	if (tcgetpgrp(fd) != pgid)
		return (false);
	if (pgid != 0)
		return (true);
	/*
	 * As PID 1 in the group of who made the pid namespace: each group out
	 * there is 0 here.  From the background, the kernel refuses a read,
	 * though it be of nothing.
	 */
	return (read(fd, &none, 0) != -1 || errno != EIO);
}

void
tty_take(int fd, pid_t pgid)
{
	if (tcgetpgrp(fd) == pgid)
		(void)tcsetpgrp(fd, getpgrp());
}

int
tty_give(int fd, pid_t pgid)
{
	return (tcsetpgrp(fd, pgid));
}
