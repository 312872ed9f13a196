/* SPDX-License-Identifier: MIT */
#ifndef WIRE_REQUEST_H
#define WIRE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/control.h"

/* Opaque types. */
struct err;
struct strbuf;

/*
 * One request, typed and complete.  A client fills one in and encodes it;
 * sigmund parses one, which then is all that the command needs to know:
 * fields which the command does not take are refused, not ignored, so that
 * nobody's dry run is ever taken for the real thing.
 */
struct request {
	enum control_command command;
	uint64_t id;
	const char *const *names;
	size_t nnames;
	bool watch;   /* Send what becomes of the services, until we close. */
	bool tree;    /* SIGNAL: to all that descends from the service. */
	bool dry_run; /* UPDATE: say what would change. */
	bool now;     /* SHUTDOWN: without any grace. */
	int signo;    /* SIGNAL. */

	void *memory; /* Of ${names}, where request_parse() made them. */
};

/**
 * request_parse(r, line, len, err):
 * Read the ${len} bytes of ${line}, without newline, into ${r}, which has to
 * be freed with request_free().  On failure fill ${err} with what is wrong
 * and return -1; of ${r} then only ${id} is set, to that of the request or,
 * where it has none that can be read, to 0.
 */
int request_parse(struct request *, const char *, size_t, struct err *);

/**
 * request_free(r):
 * Release what request_parse() allocated for ${r}.
 */
void request_free(struct request *);

/**
 * request_encode(b, r):
 * Append ${r} to ${b} as a line with its newline.
 */
void request_encode(struct strbuf *, const struct request *);

#endif /* !WIRE_REQUEST_H */
