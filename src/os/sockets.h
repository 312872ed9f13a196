/* SPDX-License-Identifier: MIT */
#ifndef OS_SOCKETS_H
#define OS_SOCKETS_H

#include <sys/types.h>

#include <stdbool.h>

/*
 * Stream sockets of the unix domain.  An address is a path, or an abstract
 * name written as "@name".  All descriptors are close-on-exec.
 *
 * Whether another process lives on a path is decided by os/lock.h before;
 * sockets_listen() replaces a socket which it finds there.
 */

/* Opaque types. */
struct err;

#define SOCKETS_UID_KEEP ((uid_t)-1)
#define SOCKETS_GID_KEEP ((gid_t)-1)

/* Where and for whom to listen.  An abstract name has no mode or owner. */
struct sockets_where {
	const char *address;
	mode_t mode;
	uid_t uid; /* Or SOCKETS_UID_KEEP. */
	gid_t gid; /* Or SOCKETS_GID_KEEP. */
};

/* A listening socket, and the file which is ours to remove. */
struct sockets_bound {
	int fd;
	dev_t dev;
	ino_t ino; /* 0: abstract, there is no file. */
};

struct sockets_peer {
	pid_t pid; /* 0 where it is in a namespace which we cannot see. */
	uid_t uid;
	gid_t gid;
};

/**
 * sockets_directory(address, mode, err):
 * Make the directory of the path ${address}, its last level alone, with
 * ${mode} where it is missing.  Return 0, or -1 with ${err}.
 */
int sockets_directory(const char *, mode_t, struct err *);

/**
 * sockets_listen(where, bound, err):
 * Listen at ${where} and fill ${bound} with a non-blocking descriptor.  The
 * socket appears at its path complete, with owner and mode, by a rename.
 * Return 0, or -1 with ${err}: an address too long for the kernel, a file
 * there which is no socket, an abstract name in use.
 */
int sockets_listen(
    const struct sockets_where *, struct sockets_bound *, struct err *);

/**
 * sockets_present(address, bound):
 * Is the file of ${bound} still at ${address}?  Always so for an abstract
 * name.
 */
bool sockets_present(const char *, const struct sockets_bound *);

/**
 * sockets_close(address, bound):
 * Close ${bound} and remove its file if the file at ${address} is ours.
 */
void sockets_close(const char *, struct sockets_bound *);

/**
 * sockets_accept(fd):
 * Return the next connection, non-blocking, or -1 with errno: EAGAIN when
 * there is none; EMFILE and ENFILE leave it waiting, so the caller must turn
 * away from ${fd} for a while.
 */
int sockets_accept(int);

/**
 * sockets_connect(address, timeout_ms, err):
 * Return a blocking descriptor connected to ${address}, or -1 with ${err}
 * and its code: ENOENT nothing there, ECONNREFUSED nobody listens, EAGAIN
 * no answer within ${timeout_ms}.
 */
int sockets_connect(const char *, int, struct err *);

/**
 * sockets_peer(fd, peer):
 * Fill ${peer} with who connected.  Return 0, or -1 with errno.
 */
int sockets_peer(int, struct sockets_peer *);

#endif /* !OS_SOCKETS_H */
