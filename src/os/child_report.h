/* SPDX-License-Identifier: MIT */
#ifndef OS_CHILD_REPORT_H
#define OS_CHILD_REPORT_H

/*
 * What a child tells its parent when it cannot execute its command: where on
 * the way it failed, and why.
 */

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

#endif /* !OS_CHILD_REPORT_H */
