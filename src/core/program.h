/* SPDX-License-Identifier: MIT */
#ifndef CORE_PROGRAM_H
#define CORE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the administrator wrote, typed and complete: no default is left to be
 * filled in, no text to be expanded.  Plain data which conf/ builds in one
 * arena and which nobody changes afterwards.  The core reads the policy and
 * never the birth; os/ never sees any of it.
 */

/* X(symbol, "word in the INI and in --print") */
#define PROGRAM_AUTORESTARTS(X)                                                \
	X(NEVER, "false")                                                      \
	X(UNEXPECTED, "unexpected")                                            \
	X(ALWAYS, "true")

enum program_autorestart {
#define X(sym, word) AUTORESTART_##sym,
	PROGRAM_AUTORESTARTS(X)
#undef X
	    AUTORESTART_COUNT
};

/*
 * What becomes of the processes which a main process leaves behind: ended
 * (TERM, grace, KILL), ended only by a stop but left alone when the main
 * process exits by itself (supervisord's way), or always left alone.
 */
#define PROGRAM_LEFTOVERS(X)                                                   \
	X(KILL, "kill")                                                        \
	X(KILL_ON_STOP, "kill-on-stop")                                        \
	X(LEAVE, "leave")

enum program_leftovers {
#define X(sym, word) LEFTOVERS_##sym,
	PROGRAM_LEFTOVERS(X)
#undef X
	    LEFTOVERS_COUNT
};

/* As stopsignal: the signal which began the shutdown; TERM by a command. */
#define STOPSIGNAL_RECEIVED 0

/* The policy: what one [program:x] section says about supervision. */
struct program {
	const char *name;
	const char *file; /* Where its section begins, ... */
	int line;         /* ... counted from 1. */
	int priority;
	bool autostart;
	bool stopasgroup;
	bool killasgroup;
	enum program_autorestart autorestart;
	enum program_leftovers leftovers;
	int stopsignal; /* STOPSIGNAL_RECEIVED or a signal's number. */
	unsigned startretries;
	int64_t startsecs_ms;
	int64_t stopwaitsecs_ms;
	uint32_t exitcodes[8]; /* Bitmap of the expected exit codes. */
};

/* Where a stream of a child goes.  Kept now, acted on by a later release. */
#define PROGRAM_LOGS(X)                                                        \
	X(AUTO, "AUTO")                                                        \
	X(NONE, "NONE")                                                        \
	X(SYSLOG, "syslog")                                                    \
	X(INHERIT, "inherit")                                                  \
	X(PATH, "")

enum program_log_kind {
#define X(sym, word) LOG_TO_##sym,
	PROGRAM_LOGS(X)
#undef X
	    LOG_TO_COUNT
};

struct program_log {
	enum program_log_kind kind;
	const char *path; /* With LOG_TO_PATH, otherwise NULL. */
	int64_t maxbytes;
	unsigned backups;
	bool syslog;
};

#define UMASK_INHERIT (-1)

/*
 * The definition of one service: an instance of a program.  Everything below
 * ${program} is its birth; a running service is restarted by an update only
 * where its birth has changed.
 */
struct service_def {
	const char *name;  /* process_name, expanded. */
	const char *group; /* Its own name, or that of a [group:x]. */
	const char *id;    /* NAME, or GROUP:NAME where the two differ. */
	const struct program *program;
	unsigned number; /* process_num */
	/*
	 * Rank of (group priority, priority) among all which the configuration
	 * has, from 0: starts go up the levels, stops come down.
	 */
	unsigned level;

	const char *command;            /* As written, after expansion. */
	const char *const *argv;        /* Split; NULL-terminated. */
	const char *const *environment; /* "KEY=value"; NULL-terminated. */
	const char *directory;          /* NULL: ours. */
	const char *user;               /* NULL: ours. */
	int umask;                      /* Or UMASK_INHERIT. */
	bool redirect_stderr;
	struct program_log out;
	struct program_log err;
};

/*
 * All services of a configuration, in the order in which they start: by
 * level, then group, then name.
 */
struct fleet {
	const struct service_def *services;
	size_t n;
	/* Budget of a shutdown; 0: the sum along the longest path. */
	int64_t shutdown_timeout_ms;
};

/**
 * program_expects(p, code):
 * Is the exit code ${code}, 0 to 255, one of ${p}'s exitcodes?
 */
bool program_expects(const struct program *, int);

/**
 * service_def_same_birth(a, b):
 * Would a process born of ${a} be the same as one born of ${b}?  Compares
 * command, environment, directory, user, umask and outputs; deliberately not
 * the policy, nor the group.
 */
bool service_def_same_birth(
    const struct service_def *, const struct service_def *);

#endif /* !CORE_PROGRAM_H */
