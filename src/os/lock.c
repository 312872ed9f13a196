/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"

#include "os/fds.h"
#include "os/lock.h"

/* Somebody who removes the file again and again is not waited out. */
#define LOCK_TRIES 10

/* Try the lock.  Return 0, or 1 when another has it, or -1 with errno. */
static int
try(int fd)
{
	struct flock fl = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_SETLK, &fl) == 0)
		return (0);
	return (errno == EACCES || errno == EAGAIN ? 1 : -1);
}

/* Who has the lock, or 0. */
static pid_t
holder_of(int fd)
{
	struct flock fl = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char text[24];
	ssize_t n;
	long pid;

	if (fcntl(fd, F_GETLK, &fl) == 0 && fl.l_type != F_UNLCK &&
	    fl.l_pid > 0)
		return (fl.l_pid);
	/* It lives in a pid namespace which we cannot see: what it wrote. */
	if ((n = pread(fd, text, sizeof(text) - 1, 0)) <= 0)
		return (0);
	text[n] = '\0';
	pid = strtol(text, NULL, 10);
	return (pid > 0 ? (pid_t)pid : 0);
}

/* Is ${fd} still the file at ${path}?  The lock of a removed one is void. */
static bool
is_at(int fd, const char *path)
{
	struct stat ours, theirs;

	return (fstat(fd, &ours) == 0 && lstat(path, &theirs) == 0 &&
		ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino);
}

static void
write_pid(int fd)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%d\n", (int)getpid());

	/* For people, and for those in another namespace; the lock counts. */
	(void)!ftruncate(fd, 0);
	(void)!pwrite(fd, text, (size_t)len, 0);
}

static int
open_file(const char *path, struct err *err)
{
	int fd = open(path,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
	    0600);

	if (fd == -1 || (fd = fds_lift(fd)) == -1)
		return (
		    err_set(err, errno, "cannot open the lock file %s", path));
	return (fd);
}

/*
 * One try for the file at ${path}.  Return as lock_acquire(), or 2 when the
 * file was removed between its opening and its locking.
 */
static int
attempt(const char *path, int *fd_out, pid_t *holder, struct err *err)
{
	int fd, rc;

	if ((fd = open_file(path, err)) == -1)
		return (-1);
	if ((rc = try(fd)) == -1)
		(void)err_set(err, errno, "cannot lock %s", path);
	if (rc == 1)
		*holder = holder_of(fd);
	if (rc == 0) {
		if (is_at(fd, path)) {
			write_pid(fd);
			*fd_out = fd;
			return (0);
		}
		rc = 2;
	}
	(void)close(fd);
	return (rc);
}

int
lock_acquire(const char *path, int *fd, pid_t *holder, struct err *err)
{
	int rc, tries;

	for (tries = 0; tries < LOCK_TRIES; tries++)
		if ((rc = attempt(path, fd, holder, err)) != 2)
			return (rc);
	return (
	    err_set(err, 0, "the lock file %s is removed all the time", path));
}
