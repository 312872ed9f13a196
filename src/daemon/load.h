/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_LOAD_H
#define DAEMON_LOAD_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>

/* Opaque types. */
struct config;
struct daemon;
struct err;

/*
 * The INI is read by a child, into memory which both share: a file system
 * which hangs, a slow name service or a bug in a parser costs a failed
 * update, and never us.
 */

/* It may take this long. */
#define LOAD_TIMEOUT_MS       10000
/* The first one, which nobody's service waits beside. */
#define LOAD_FIRST_TIMEOUT_MS 60000

/* What came of it.  Without a ${config}, ${why} says what went wrong. */
struct loaded {
	struct config *config; /* Complete, though perhaps with errors. */
	void *map;             /* Where it lies; the receiver's. */
	size_t size;
	const char *why;
};

/* NULL instead of what came of it: it was abandoned, ${arg} is to be freed. */
typedef void load_done(struct daemon *, const struct loaded *, void *arg);

/**
 * load_begin(d, done, arg, err):
 * Begin to read ${d}->config_path, and call ${done} with ${arg} once, from
 * the loop.  Only one read at a time: the caller asks load_busy() first.
 * Return 0, or -1 with ${err}.
 */
int load_begin(struct daemon *, load_done *, void *, struct err *);

/**
 * load_busy(d):
 * Is a read under way?
 */
bool load_busy(const struct daemon *);

/**
 * load_reaped(d, pid, status):
 * The child ${pid} was reaped: if it was the reader, this is its end.
 */
void load_reaped(struct daemon *, pid_t, int);

/**
 * load_abandon(d):
 * End the read which is under way.  Return whether there was one, whose child
 * is still to be reaped.
 */
bool load_abandon(struct daemon *);

#endif /* !DAEMON_LOAD_H */
