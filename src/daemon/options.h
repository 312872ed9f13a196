/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_OPTIONS_H
#define DAEMON_OPTIONS_H

#include <stdbool.h>

#include "daemon/once.h"

/* Opaque types. */
struct err;

/* What the command line asks for. */
enum options_mode {
	OPTIONS_RUN,   /* Supervise the programs of a file. */
	OPTIONS_CHECK, /* Say what is wrong with it. */
	OPTIONS_PRINT, /* Say what it comes to. */
	OPTIONS_KEYS,  /* List all keys. */
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_WRONG /* It makes no sense; that was said. */
};

struct options {
	enum options_mode mode;
	const char *config; /* NULL: to be searched. */
	bool syntax_only;
	enum takeover takeover;
};

/**
 * options_parse(o, argc, argv):
 * Fill ${o} with what the command line says.  What is wrong with it goes to
 * stderr.
 */
void options_parse(struct options *, int, char **);

/**
 * options_config(o, err):
 * Return the path of the configuration as ${o} name it, or as it is found
 * where they name none, in memory of its own; or NULL with ${err}.
 */
char *options_config(const struct options *, struct err *);

/**
 * options_help():
 * Write the help to stdout.
 */
void options_help(void);

#endif /* !DAEMON_OPTIONS_H */
