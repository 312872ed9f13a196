/* SPDX-License-Identifier: MIT */
#ifndef CLI_LINK_H
#define CLI_LINK_H

#include <stddef.h>

#include "base/mono.h"
#include "wire/linebuf.h"

/* Opaque types. */
struct err;

/*
 * The connection to sigmund: the only place of sigctl where it waits, and
 * never longer than it is told.
 */
struct link {
	int fd;
	struct linebuf in;
};

enum link_result { LINK_LINE, LINK_CLOSED, LINK_TIMED_OUT, LINK_FAILED };

/**
 * link_open(link, address, err):
 * Connect ${link} to ${address}, a path or "@abstract".  Return 0, or -1 with
 * ${err} and nothing to close.
 */
int link_open(struct link *, const char *, struct err *);

/**
 * link_close(link):
 * Close the connection, if it is open.
 */
void link_close(struct link *);

/**
 * link_send(link, text, len, deadline, err):
 * Send all of the ${len} bytes of ${text}.  Return 0, or -1 and ${err}.
 */
int link_send(struct link *, const char *, size_t, struct mono, struct err *);

/**
 * link_receive(link, line, len, deadline, err):
 * Wait until ${deadline} for the next line; see linebuf_next().  Fill ${err}
 * with LINK_FAILED.
 */
enum link_result link_receive(
    struct link *, char **, size_t *, struct mono, struct err *);

#endif /* !CLI_LINK_H */
