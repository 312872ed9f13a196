/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <unistd.h>

#include "os/fds.h"
#include "os/tty.h"

int
tty_open(void)
{
	return (fds_lift(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)));
}

bool
tty_is_ours(int fd)
{
	return (tcgetpgrp(fd) == getpgrp());
}

int
tty_give(int fd, pid_t pgid)
{
	return (tcsetpgrp(fd, pgid));
}
