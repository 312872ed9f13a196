/* SPDX-License-Identifier: MIT */
#ifndef CLI_TALK_H
#define CLI_TALK_H

#include "wire/answer.h"
#include "wire/request.h"

#include "cli/link.h"
#include "cli/socket.h"

/* Opaque types. */
struct options;

/*
 * A request and what comes back.  What goes wrong is reported here, once;
 * the caller has only to pass on the code.
 */
struct talk {
	const struct options *options;
	struct link link;
	char address[FIND_PATH_MAX];
};

/* What talk_next() found. */
enum talk_result { TALK_EVENT, TALK_CLOSED, TALK_TIMED_OUT, TALK_FAILED };

/**
 * talk_ask(talk, o, request, answer):
 * Connect to sigmund, send ${request} and wait for its reply.  Return
 * CONTROL_OK with ${answer}, to be freed, and ${talk} to be closed; else a
 * code, reported, and neither.
 */
enum control_code talk_ask(struct talk *, const struct options *,
    const struct request *, struct answer *);

/**
 * talk_next(talk, answer):
 * Wait for the next event until the deadline of the options; it is to be
 * freed.  Of the other results only TALK_FAILED was reported.
 */
enum talk_result talk_next(struct talk *, struct answer *);

/**
 * talk_close(talk):
 * Close the connection.
 */
void talk_close(struct talk *);

#endif /* !CLI_TALK_H */
