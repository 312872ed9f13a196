/* SPDX-License-Identifier: MIT */
#ifndef OS_CHILD_H
#define OS_CHILD_H

#include <stddef.h>

/*
 * What runs between fork and exec, and what it tells the parent when it
 * cannot exec.  Here we are an ordinary child of a single-threaded process:
 * this may allocate, read files and ask name services, and may hang on each
 * of them; it never logs and never uses stdio.
 */

/* Opaque types. */
struct spawn_plan;

/*
 * The stages in their order.  X(symbol, "word", "how a message begins")
 * The first is none: a report of that stage says that all went well.
 */
#define CHILD_STAGES(X)                                                        \
	X(NONE, "none", "nothing failed")                                      \
	X(SESSION, "session", "cannot begin a session")                        \
	X(STDIO, "stdio", "cannot set up")                                     \
	X(LIMITS, "limits", "cannot set the limit of")                         \
	X(ENVIRONMENT, "environment", "cannot prepare")                        \
	X(USER, "user", "cannot become user")                                  \
	X(DIRECTORY, "chdir", "cannot change to directory")                    \
	X(EXEC, "exec", "cannot execute")

enum child_stage {
#define X(sym, word, begins) CHILD_STAGE_##sym,
	CHILD_STAGES(X)
#undef X
	    CHILD_STAGE_COUNT
};

#define CHILD_DETAIL_MAX 256
#define CHILD_TEXT_MAX   512

/*
 * Where and why a child failed before its exec.  Small enough to pass
 * through a pipe in one piece.
 */
struct child_report {
	enum child_stage stage;
	int code;                      /* errno, or 0: ${detail} says it. */
	char detail[CHILD_DETAIL_MAX]; /* The file, user, limit, ... */
};

/* How a child ends which could not exec. */
#define CHILD_EXIT_FAILED 127

/* Where a command without '/' is searched when the plan names no PATH. */
#define CHILD_DEFAULT_PATH                                                     \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/**
 * child_run(plan, status_fd):
 * Become what ${plan} describes, in a new child with all signals blocked;
 * never return.  Every signal gets its default action, the mask is emptied
 * last.  A failure goes through ${status_fd} as one struct child_report
 * before _exit(CHILD_EXIT_FAILED).  Without a command, run prepare() and exit
 * with what it returns.
 */
_Noreturn void child_run(const struct spawn_plan *, int);

/**
 * child_report_set(report, stage, code, fmt, ...):
 * Fill ${report}; a longer detail is cut.  Keep errno.  Return -1, for
 * `return (child_report_set(...))` in a prepare().
 */
int child_report_set(struct child_report *, enum child_stage, int, const char *,
    ...) __attribute__((format(printf, 4, 5)));

/**
 * child_report_text(report, buf):
 * Write ${report} to ${buf} for a person to read, as in "cannot execute
 * /x/y: No such file or directory (exec)", and return ${buf}.  Control
 * characters are shown as \xNN.
 */
const char *child_report_text(
    const struct child_report *, char[CHILD_TEXT_MAX]);

/**
 * child_stage_word(stage):
 * Return the word of ${stage}: "exec", "chdir", ...
 */
const char *child_stage_word(enum child_stage);

#endif /* !OS_CHILD_H */
