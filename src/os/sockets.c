/* SPDX-License-Identifier: MIT */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

#include "os/fds.h"
#include "os/sockets.h"

#define TEMPORARY ".new"

struct unix_address {
	struct sockaddr_un sun;
	socklen_t len;
};

static bool
is_abstract(const char *address)
{
	return (address[0] == '@');
}

/* ${text} as the kernel wants it, with room for ${suffix} behind a path. */
static int
resolve(const char *text, const char *suffix, struct unix_address *address,
    struct err *err)
{
	size_t len = strlen(text) + strlen(suffix);
	size_t most = sizeof(address->sun.sun_path) - 1 -
		      (is_abstract(text) ? 0 : strlen(TEMPORARY));

	if (strlen(text) > most)
		return (err_set(err, ENAMETOOLONG,
		    "a socket's address may have %zu characters, %s has %zu",
		    most, text, strlen(text)));
	memset(address, 0, sizeof(*address));
	address->sun.sun_family = AF_UNIX;
	(void)snprintf(address->sun.sun_path, sizeof(address->sun.sun_path),
	    "%s%s", text, suffix);
	address->len =
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	/* An abstract name begins with a NUL and ends with its length. */
	if (is_abstract(text))
		address->sun.sun_path[0] = '\0';
	else
		address->len++;
	return (0);
}

/* A new socket above 2. */
static int
new_socket(int flags, struct err *err)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

	if (fd == -1 || (fd = fds_lift(fd)) == -1)
		return (err_set(err, errno, "cannot make a socket"));
	return (fd);
}

int
sockets_directory(const char *address, mode_t mode, struct err *err)
{
	const char *slash = strrchr(address, '/');
	char dir[PATH_MAX];

	if (is_abstract(address) || slash == NULL || slash == address)
		return (0);
	if ((size_t)(slash - address) >= sizeof(dir))
		return (err_set(err, ENAMETOOLONG, "%s", address));
	memcpy(dir, address, (size_t)(slash - address));
	dir[slash - address] = '\0';
	if (mkdir(dir, mode) == 0) {
		/* The umask is the launcher's, the mode is what was asked. */
		(void)chmod(dir, mode);
		return (0);
	}
	if (errno == EEXIST)
		return (0);
	return (err_set(err, errno, "cannot make the directory %s", dir));
}

/*
 * Give the bound socket at ${temporary} what it shall have, and then the name
 * ${where->address}.  Nobody can connect before that: it does not listen.
 */
static int
publish(const struct sockets_where *where, const char *temporary,
    struct sockets_bound *bound)
{
	struct stat st;

	if (chmod(temporary, where->mode) == -1 ||
	    lchown(temporary, where->uid, where->gid) == -1 ||
	    listen(bound->fd, SOMAXCONN) == -1)
		return (-1);
	if (lstat(where->address, &st) == 0 && !S_ISSOCK(st.st_mode)) {
		errno = EEXIST;
		return (-1);
	}
	if (lstat(temporary, &st) == -1 ||
	    rename(temporary, where->address) == -1)
		return (-1);
	bound->dev = st.st_dev;
	bound->ino = st.st_ino;
	return (0);
}

static int
listen_path(const struct sockets_where *where,
    const struct unix_address *temporary, struct sockets_bound *bound)
{
	const char *name = temporary->sun.sun_path;
	int code;

	/* What an earlier one left: the lock says that it is dead. */
	(void)unlink(name);
	if (bind(bound->fd, (const void *)&temporary->sun, temporary->len) ==
	    -1)
		return (-1);
	if (publish(where, name, bound) == 0)
		return (0);
	code = errno;
	(void)unlink(name);
	errno = code;
	return (-1);
}

static int
listen_abstract(const struct unix_address *address, struct sockets_bound *bound)
{
	bound->dev = 0;
	bound->ino = 0;
	if (bind(bound->fd, (const void *)&address->sun, address->len) == -1)
		return (-1);
	return (listen(bound->fd, SOMAXCONN));
}

int
sockets_listen(const struct sockets_where *where, struct sockets_bound *out,
    struct err *err)
{
	bool abstract = is_abstract(where->address);
	struct unix_address address;
	struct sockets_bound bound;
	int rc;

	if (resolve(where->address, abstract ? "" : TEMPORARY, &address, err) ==
	    -1)
		return (-1);
	if ((bound.fd = new_socket(SOCK_NONBLOCK, err)) == -1)
		return (-1);
	rc = abstract ? listen_abstract(&address, &bound)
		      : listen_path(where, &address, &bound);
	if (rc == -1) {
		(void)err_set(err, errno, "cannot listen on %s%s",
		    where->address,
		    !abstract && errno == EEXIST ? ", which is no socket" : "");
		(void)close(bound.fd);
		return (-1);
	}
	*out = bound;
	return (0);
}

bool
sockets_present(const char *address, const struct sockets_bound *bound)
{
	struct stat st;

	if (bound->ino == 0)
		return (true);
	return (lstat(address, &st) == 0 && st.st_dev == bound->dev &&
		st.st_ino == bound->ino);
}

void
sockets_close(const char *address, struct sockets_bound *bound)
{
	if (bound->ino != 0 && sockets_present(address, bound))
		(void)unlink(address);
	(void)close(bound->fd);
	bound->fd = -1;
}

int
sockets_accept(int fd)
{
	int client;

	/* The client may be gone before we come to it: the next, please. */
	do
		client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	while (client == -1 && (errno == EINTR || errno == ECONNABORTED));
	return (fds_lift(client));
}

int
sockets_connect(const char *text, int timeout_ms, struct err *err)
{
	struct timeval wait = { timeout_ms / 1000, timeout_ms % 1000 * 1000 };
	struct timeval never = { 0, 0 };
	struct unix_address address;
	int fd, rc;

	if (resolve(text, "", &address, err) == -1)
		return (-1);
	if ((fd = new_socket(0, err)) == -1)
		return (-1);
	/* Connecting waits for room in the queue of one who does not accept. */
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	do
		rc = connect(fd, (const void *)&address.sun, address.len);
	while (rc == -1 && errno == EINTR);
	if (rc == -1) {
		(void)err_set(err, errno, "cannot connect to %s", text);
		(void)close(fd);
		return (-1);
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &never, sizeof(never));
	return (fd);
}

int
sockets_peer(int fd, struct sockets_peer *peer)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == -1)
		return (-1);
	peer->pid = cred.pid;
	peer->uid = cred.uid;
	peer->gid = cred.gid;
	return (0);
}
