/* SPDX-License-Identifier: MIT */
#ifndef CONF_EXPAND_H
#define CONF_EXPAND_H

#include <stdbool.h>

/*
 * supervisord's %(name)s, which is Python's %-formatting with a dictionary:
 * here, host_node_name, program_name, group_name, process_num, numprocs,
 * ENV_X; %(process_num)02d; %% for a percent sign.  Beyond it, %(ENV_X:-text)s
 * is "text" where X is not set; ENV_ with nothing behind it never is.
 */

/* Opaque types. */
struct err;
struct strbuf;

/* Lists of "NAME=value" in which ENV_X is sought, the first one first. */
enum expand_list {
	EXPAND_OWN,  /* The program's environment. */
	EXPAND_MAIN, /* The main section's. */
	EXPAND_OURS, /* What we were started with. */
	EXPAND_LISTS
};

/* What the names stand for here; NULL: not a name here. */
struct expand_names {
	const char *here;
	const char *host_node_name;
	const char *program_name;
	const char *group_name;
	bool has_process; /* process_num and numprocs are names here. */
	int process_num;
	int numprocs;
	const char *const *lists[EXPAND_LISTS];
};

/* What was met on the way. */
struct expand_notes {
	bool process; /* Depends on process_num, or on ${own} below. */
	bool unknown; /* An ENV_X which is not set. */
};

enum expand_mode {
	EXPAND_ALL,
	/*
	 * What depends on process_num stays, a percent sign is written as
	 * %%: a text which expands again to what this one would have been.
	 */
	EXPAND_KEEP_PROCESS,
	/* As that, and ENV_X out of the own list stays too. */
	EXPAND_KEEP_OWN
};

/**
 * expand(out, text, names, mode, notes, err):
 * Append ${text} to ${out}, expanded.  On -1, ${err} says why; ${notes} is
 * filled anyway, so that a caller can tell a name which is not set here from
 * a mistake.
 */
int expand(struct strbuf *, const char *, const struct expand_names *,
    enum expand_mode, struct expand_notes *, struct err *);

#endif /* !CONF_EXPAND_H */
