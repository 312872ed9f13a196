/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_CHANGES_H
#define DAEMON_CHANGES_H

#include <stddef.h>

#include "base/strbuf.h"

/* Opaque types. */
struct diff;

/*
 * An update in words, one line for the services of a program which fare
 * alike:
 *
 *	+ report  start
 *	- legacy  stop (QUIT, up to 10 s), remove
 *	~ web     restart: directory "/a" -> "/b"
 *	~ worker  keeps 8 pids: stopwaitsecs 10 -> 60
 *	! socket  /run/a -> /run/b; takes a restart of sigmund
 */
struct changes_line {
	char mark;
	const char *name; /* Of the program. */
	size_t text;      /* Where it begins in ${texts}. */
};

struct changes {
	struct changes_line *lines;
	size_t n;
	struct strbuf texts;
};

/**
 * changes_make(c, diff):
 * Put ${diff}, which must outlive it, into words.  Return 0, or -1 where
 * memory ran out.
 */
int changes_make(struct changes *, const struct diff *);

/**
 * changes_text(c, i):
 * Return what line ${i} says behind its name.
 */
const char *changes_text(const struct changes *, size_t);

/**
 * changes_free(c):
 * Release what changes_make() allocated.
 */
void changes_free(struct changes *);

#endif /* !DAEMON_CHANGES_H */
