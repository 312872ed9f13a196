/* SPDX-License-Identifier: MIT */
#include <sys/resource.h>
#include <sys/syscall.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/fds.h"

/* Close ${from} to ${to}.  Return -1 where the kernel cannot. */
static int
close_span(unsigned from, unsigned to)
{
#ifdef SYS_close_range
	return ((int)syscall(SYS_close_range, from, to, 0));
#else
	(void)from;
	(void)to;
	errno = ENOSYS;
	return (-1);
#endif
}

/* Without /proc: one by one.  There may be some above a lowered limit. */
static void
close_each(int low, int keep)
{
	struct rlimit rl;
	int fd, end = 65536;

	if (getrlimit(RLIMIT_NOFILE, &rl) == 0 && rl.rlim_max < (rlim_t)end)
		end = (int)rl.rlim_max;
	for (fd = low; fd < end; fd++)
		if (fd != keep)
			(void)close(fd);
}

void
fds_close_from(int low, int keep)
{
	if (keep < low) {
		if (close_span((unsigned)low, UINT_MAX) == 0)
			return;
	} else if (keep == low ||
		   close_span((unsigned)low, (unsigned)keep - 1) == 0) {
		if (close_span((unsigned)keep + 1, UINT_MAX) == 0)
			return;
	}
	fds_close_walk(low, keep);
}

void
fds_close_walk(int low, int keep)
{
	struct dirent *entry;
	DIR *dir;
	int fd;

	if ((dir = opendir("/proc/self/fd")) == NULL) {
		close_each(low, keep);
		return;
	}
	/*
	 * Closing while reading skips none: the list goes on from a number
	 * and not from a position.
	 */
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		fd = (int)strtol(entry->d_name, NULL, 10);
		if (fd >= low && fd != keep && fd != dirfd(dir))
			(void)close(fd);
	}
	(void)closedir(dir);
}

void
fds_close_inherited(int last)
{
	int fd, flags;

	for (fd = 3; fd <= last; fd++) {
		flags = fcntl(fd, F_GETFD);
		if (flags != -1 && (flags & FD_CLOEXEC) == 0)
			(void)close(fd);
	}
	fds_close_from(last > 2 ? last + 1 : 3, -1);
}

int
fds_lift(int fd)
{
	int high, saved_errno;

	if (fd < 0 || fd > 2)
		return (fd);
	high = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	saved_errno = errno;
	(void)close(fd);
	errno = saved_errno;
	return (high);
}
