/* SPDX-License-Identifier: MIT */
#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"

#include "os/fds.h"
#include "os/file.h"

#define TEMPORARY "%s.new"

static int
temporary_name(const char *path, char name[PATH_MAX], struct err *err)
{
	int n = snprintf(name, PATH_MAX, TEMPORARY, path);

	if (n < 0 || n >= PATH_MAX)
		return (err_set(err, ENAMETOOLONG, "%s", path));
	return (0);
}

/* An empty file ${name}, above 2; what was there before is nobody's. */
static int
create(const char *name, mode_t mode, struct err *err)
{
	int fd;

	(void)unlink(name);
	fd = open(
	    name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd == -1 || (fd = fds_lift(fd)) == -1)
		return (err_set(err, errno, "cannot create %s", name));
	/* The umask is the launcher's, the mode is what was asked. */
	(void)fchmod(fd, mode);
	return (fd);
}

/* Have the disk's blocks for ${size} bytes. */
static int
allocate(int fd, size_t size)
{
	int code;

	do
		code = posix_fallocate(fd, 0, (off_t)size);
	while (code == EINTR);
	errno = code;
	return (code == 0 ? 0 : -1);
}

int
file_map_create(
    const char *path, size_t size, struct file_map *map, struct err *err)
{
	char name[PATH_MAX];
	void *base;
	int fd;

	if (temporary_name(path, name, err) == -1 ||
	    (fd = create(name, 0600, err)) == -1)
		return (-1);
	if (allocate(fd, size) == -1) {
		(void)err_set(
		    err, errno, "cannot reserve %zu bytes for %s", size, path);
		goto err1;
	}
	base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (base == MAP_FAILED) {
		(void)err_set(err, errno, "cannot map %s", path);
		goto err1;
	}
	*map = (struct file_map){ .fd = fd, .base = base, .size = size };
	return (0);
err1:
	(void)close(fd);
	(void)unlink(name);
	return (-1);
}

int
file_map_publish(const char *path, struct err *err)
{
	char name[PATH_MAX];

	if (temporary_name(path, name, err) == -1)
		return (-1);
	if (rename(name, path) == -1)
		return (
		    err_set(err, errno, "cannot rename %s to %s", name, path));
	return (0);
}

void
file_map_close(struct file_map *map)
{
	if (map->base != NULL)
		(void)munmap(map->base, map->size);
	if (map->fd != -1)
		(void)close(map->fd);
	*map = (struct file_map){ .fd = -1 };
}

/* Write all of it, or -1 with errno. */
static int
write_all(int fd, const uint8_t *bytes, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, bytes, len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return (-1);
		bytes += n;
		len -= (size_t)n;
	}
	return (0);
}

int
file_replace(const char *path, const void *bytes, size_t len, mode_t mode,
    struct err *err)
{
	char name[PATH_MAX];
	int fd, rc, code;

	if (temporary_name(path, name, err) == -1 ||
	    (fd = create(name, mode, err)) == -1)
		return (-1);
	rc = write_all(fd, bytes, len);
	code = errno;
	/* Some file systems say only now that the disk is full. */
	if (close(fd) == -1 && rc == 0) {
		rc = -1;
		code = errno;
	}
	if (rc == -1)
		(void)err_set(err, code, "cannot write %s", name);
	else if (file_map_publish(path, err) == 0)
		return (0);
	(void)unlink(name);
	return (-1);
}

/* The whole of ${fd} into ${buf}; EFBIG when it is longer. */
static ssize_t
read_all(int fd, uint8_t *buf, size_t cap)
{
	size_t len = 0;
	uint8_t more;
	ssize_t n;

	for (;;) {
		if (len < cap)
			n = read(fd, buf + len, cap - len);
		else
			n = read(fd, &more, 1);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return (-1);
		if (n == 0)
			return ((ssize_t)len);
		if (len == cap) {
			errno = EFBIG;
			return (-1);
		}
		len += (size_t)n;
	}
}

ssize_t
file_load(const char *path, void *buf, size_t cap)
{
	struct stat st;
	ssize_t len = -1;
	int fd, code;

	/* A FIFO or a terminal there must not hold us up. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd == -1)
		return (-1);
	if (fstat(fd, &st) == -1)
		code = errno;
	else if (!S_ISREG(st.st_mode))
		code = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	else {
		len = read_all(fd, buf, cap);
		code = errno;
	}
	(void)close(fd);
	errno = code;
	return (len);
}
