/* SPDX-License-Identifier: MIT */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stddef.h>

#include "wire/control.h"

/* Opaque types. */
struct options;
struct strbuf;

/* A command is a row: what --help, usage and the manual know of it. */
struct command {
	const char *name;
	const char *args;
	const char *help;
	unsigned options; /* Of enum option_set. */
	size_t min_args;
	size_t max_args;
	enum control_code (*run)(const struct options *);
};

/**
 * command_find(name):
 * Return the command ${name}, or NULL.
 */
const struct command *command_find(const char *);

/**
 * command_nearest(name):
 * Return the name of the command which somebody who wrote ${name} probably
 * meant, or NULL.
 */
const char *command_nearest(const char *);

/**
 * command_help(b):
 * Append what --help says of all commands.
 */
void command_help(struct strbuf *);

/**
 * command_names(b):
 * Append their names, one a line.
 */
void command_names(struct strbuf *);

#endif /* !CLI_COMMAND_H */
