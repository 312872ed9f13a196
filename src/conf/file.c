/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "conf/file.h"

/* What a person calls something which is not a regular file. */
static const char *
kind_name(mode_t mode)
{
	if (S_ISDIR(mode))
		return ("a directory");
	if (S_ISFIFO(mode))
		return ("a FIFO");
	if (S_ISSOCK(mode))
		return ("a socket");
	return ("a device");
}

/* Read until the end; the file may grow or shrink meanwhile. */
static char *
read_all(int fd, size_t size, size_t *len)
{
	size_t cap = size + 4096, n = 0;
	char *p = malloc(cap), *q;
	ssize_t got;

	if (p == NULL)
		return (NULL);
	while ((got = read(fd, p + n, cap - n)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			goto err0;
		n += (size_t)got;
		if (n > FILE_BYTES_MAX) {
			errno = EFBIG;
			goto err0;
		}
		if (n < cap)
			continue;
		cap *= 2;
		if ((q = realloc(p, cap)) == NULL)
			goto err0;
		p = q;
	}
	*len = n;
	return (p);

err0:
	free(p);
	return (NULL);
}

char *
file_read(const char *path, size_t *len, struct err *err)
{
	struct stat st;
	char *p;
	int fd;

	/* O_NONBLOCK: the open of a FIFO would wait for its writer. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd == -1 || fstat(fd, &st) != 0) {
		(void)err_set(err, errno, "cannot be read");
		goto err1;
	}
	if (!S_ISREG(st.st_mode)) {
		(void)err_set(
		    err, 0, "is %s, not a regular file", kind_name(st.st_mode));
		goto err1;
	}
	if ((size_t)st.st_size > FILE_BYTES_MAX) {
		(void)err_set(err, EFBIG, "cannot be read");
		goto err1;
	}
	if ((p = read_all(fd, (size_t)st.st_size, len)) == NULL) {
		(void)err_set(err, errno, "cannot be read");
		goto err1;
	}
	(void)close(fd);
	return (p);

err1:
	if (fd != -1)
		(void)close(fd);
	return (NULL);
}

/* Take "//", "/./" and "/x/../" out of the absolute ${path}, in place. */
static void
normalise(char *path)
{
	char *from = path, *to = path;

	while (*from != '\0') {
		size_t n;

		while (*from == '/')
			from++;
		n = strcspn(from, "/");
		if (n == 2 && from[0] == '.' && from[1] == '.') {
			while (to > path && *--to != '/')
				;
		} else if (n > 0 && !(n == 1 && from[0] == '.')) {
			*to++ = '/';
			memmove(to, from, n);
			to += n;
		}
		from += n;
	}
	if (to == path)
		*to++ = '/';
	*to = '\0';
}

char *
file_absolute(const char *path)
{
	char cwd[PATH_MAX], *p;

	if (path[0] == '/') {
		if ((p = strdup(path)) == NULL)
			return (NULL);
	} else {
		if (getcwd(cwd, sizeof(cwd)) == NULL)
			return (NULL);
		if (asprintf(&p, "%s/%s", cwd, path) < 0)
			return (NULL);
	}
	normalise(p);
	return (p);
}

char *
file_directory(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return (strdup("."));
	return (slash == path ? strdup("/")
			      : strndup(path, (size_t)(slash - path)));
}
