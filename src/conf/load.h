/* SPDX-License-Identifier: MIT */
#ifndef CONF_LOAD_H
#define CONF_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "core/program.h"
#include "conf/diag.h"

/*
 * A configuration: what one INI file and the files which it includes say,
 * typed and complete, or what is wrong with them.
 *
 * L1 With an error there is no service: what has an error is never used.
 * L2 All that belongs to it lies in the arena which the caller gives, with
 *    real pointers, so that a child may load into a mapping which its parent
 *    shares.  It is the first thing in an arena which was empty.
 * L3 Equal files make equal configurations: nothing depends on the order in
 *    which a directory or the environment lists its entries.
 */

/* Opaque types. */
struct arena;
struct key;

/* Which main section there is decides about defaults, and nothing else does. */
enum config_dialect {
	CONFIG_SUPERVISORD, /* Also where the file has none. */
	CONFIG_SIGMUND
};

/*
 * The text of a value which differs from process to process: all but
 * process_num is expanded in it.
 */
struct config_expression {
	const struct key *key;
	const char *text;
};

/* What a program was made of, for printing and comparing it. */
struct config_source {
	unsigned numprocs;
	unsigned numprocs_start;
	const struct service_def *first; /* With process_num = numprocs_start;
					    also where numprocs = 0. */
	const struct config_expression *expressions; /* Where numprocs > 1. */
	size_t nexpressions;
};

/* One [group:x]; a program which is in none is a group of its own. */
struct config_group {
	const char *name;
	int priority;
	const char *const *programs; /* NULL-terminated. */
	const char *file;
	int line;
};

struct config {
	struct fleet fleet;
	const struct program *programs;      /* In the order of the file. */
	const struct config_source *sources; /* One for each program. */
	size_t nprograms;
	const struct config_group *groups;
	size_t ngroups;

	enum config_dialect dialect;
	const char *file;   /* Absolute. */
	const char *name;   /* Of this sigmund; NULL: not given. */
	const char *socket; /* NULL: the default of find_socket(). */
	int socket_mode;
	const char *runtime_directory; /* NULL: the socket's. */
	bool log_json;
	bool strict;
	const char *const *environment; /* For all programs. */

	const struct diag *diags;
	size_t ndiags;
	size_t nerrors;
	size_t nwarnings;
	bool complete; /* Set last: the loader was not interrupted. */
};

struct config_options {
	/*
	 * The file alone: nothing is asked of this machine (users, files), and
	 * what is wrong only here is a warning.
	 */
	bool syntax_only;
	/* For %(ENV_X)s and PATH; NULL: no variable. */
	const char *const *environ;
	const char *hostname; /* NULL: ask. */
};

/* Room for any configuration.  What of it is not touched costs nothing. */
#define CONFIG_BYTES_MAX ((size_t)1 << 30)

/**
 * config_load(path, options, arena):
 * Read the configuration ${path} into ${arena}.  Return NULL only where not
 * even the bare struct fits; otherwise ${nerrors} says whether the services
 * can be used.  May block on files and name services: call it in a child.
 */
struct config *config_load(
    const char *, const struct config_options *, struct arena *);

#endif /* !CONF_LOAD_H */
