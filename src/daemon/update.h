/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_UPDATE_H
#define DAEMON_UPDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opaque types. */
struct config;
struct diff;
struct daemon;
struct err;

/*
 * From no configuration to the first, and from each to the next.  All memory
 * is had before anything is changed: an update which fails has not happened.
 */

/* What came of an update, or of the first read. */
struct update_result {
	bool ok;
	const char *why;             /* Where it is not. */
	const struct config *config; /* What was read; NULL: nothing was. */
	const struct diff *diff;     /* Where it is ok; NULL: the first. */
	/*
	 * By service of ${d}->sv as it is now: is it being ended or started?
	 * NULL where nothing was applied.
	 */
	const bool *concerned;
};

typedef void update_done(struct daemon *, const struct update_result *, void *);

/**
 * update_begin(d, dry_run, done, arg, err):
 * Read the configuration again and apply what has changed, or with ${dry_run}
 * only find it out; call ${done} with ${arg} when that is so.  Every
 * diagnostic is logged.  Return 0, or -1 with ${err} if it cannot begin now.
 */
int update_begin(struct daemon *, bool, update_done *, void *, struct err *);

/**
 * update_soon(d):
 * The same for nobody in particular, and never refused: what is being read
 * now may be older than the wish, so that another read follows it.
 */
void update_soon(struct daemon *);

/**
 * update_resume(d):
 * A read has come to its end: begin the one which was put off.
 */
void update_resume(struct daemon *);

/**
 * update_first(d, config, map, size, first_run, err):
 * Make the supervisor of the first configuration.  Takes the mapping over
 * when it succeeds.  Return 0, or -1 with ${err}.
 */
int update_first(
    struct daemon *, struct config *, void *, size_t, uint64_t, struct err *);

/**
 * update_log_diags(d, config):
 * Log what is wrong with ${config}.
 */
void update_log_diags(struct daemon *, const struct config *);

#endif /* !DAEMON_UPDATE_H */
