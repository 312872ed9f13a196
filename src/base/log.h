/* SPDX-License-Identifier: MIT */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <sys/types.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wall.h"

/*
 * What we ourselves say: one line, one write.  Writing never waits for a
 * reader.  A line which does not fit now is dropped and counted, and the
 * count is said in front of the next one which fits.  (Only a regular file
 * is written plainly: most file systems know no other way, and they take the
 * line into memory.)  Nothing is allocated, and errno is kept.
 *
 *   2026-11-23T08:10:00.123Z warn  web: exit 1 after 0.3 s (pid 812)
 *   {"time":"2026-…","level":"warn","service":"web","message":"exit 1 …"}
 *   sigmund: cannot execute /x/y: No such file or directory (exec)
 *
 * A line holds no control character but its end: text which others wrote
 * can neither begin a line nor move a cursor.
 */

#define LOG_LINE_MAX 4096 /* PIPE_BUF: so a pipe takes all of it or nothing. */

/* X(symbol, "word in the log") */
#define LOG_LEVELS(X)                                                          \
	X(ERROR, "error")                                                      \
	X(WARN, "warn")                                                        \
	X(INFO, "info")                                                        \
	X(DEBUG, "debug")

enum log_level {
#define X(sym, word) LOG_LEVEL_##sym,
	LOG_LEVELS(X)
#undef X
	    LOG_LEVEL_COUNT
};

enum log_format {
	LOG_FORMAT_TEXT,
	LOG_FORMAT_JSON,
	LOG_FORMAT_PLAIN /* A diagnostic of a command, as on a terminal. */
};

struct log {
	int fd;
	int own_fd; /* -1, or ours to close. */
	enum log_format format;
	enum log_level level; /* What is less urgent is not written. */
	mode_t kind;          /* S_IFMT bits of ${fd}. */
	bool torn;            /* The last line was written in part. */
	uint64_t dropped;     /* Lines since the last one that was written, */
	int reason;           /* ... and the errno of the last of them. */
};

/**
 * log_open(log, fd, format, level):
 * Let ${log} write to ${fd}, which stays the caller's and keeps its flags: it
 * is shared with whoever gave it to us.
 */
void log_open(struct log *, int, enum log_format, enum log_level);

/**
 * log_close(log):
 * Say what was dropped, where that can be written now, and let go of what
 * log_open() took.
 */
void log_close(struct log *);

/**
 * log_error(log, service, fmt, ...):
 * log_warn(log, service, fmt, ...):
 * log_info(log, service, fmt, ...):
 * log_debug(log, service, fmt, ...):
 * Write one line about ${service}, or about ourselves where that is NULL.
 */
void log_error(struct log *, const char *, const char *, ...)
    __attribute__((format(printf, 3, 4)));
void log_warn(struct log *, const char *, const char *, ...)
    __attribute__((format(printf, 3, 4)));
void log_info(struct log *, const char *, const char *, ...)
    __attribute__((format(printf, 3, 4)));
void log_debug(struct log *, const char *, const char *, ...)
    __attribute__((format(printf, 3, 4)));

/**
 * log_write(log, level, service, fmt, ...):
 * log_vwrite(log, level, service, fmt, ap):
 * The same for a level which is known only at run time.
 */
void log_write(struct log *, enum log_level, const char *, const char *, ...)
    __attribute__((format(printf, 4, 5)));
void log_vwrite(struct log *, enum log_level, const char *, const char *,
    va_list) __attribute__((format(printf, 4, 0)));

/* What a line says. */
struct log_entry {
	struct wall time;
	enum log_level level;
	const char *service; /* Or NULL. */
	const char *message;
	bool cut; /* The message is not all of it. */
};

/**
 * log_line(buf, format, entry):
 * Write the line of ${entry}, with its newline and without a NUL, to ${buf}
 * and return its length.  A message which does not fit ends in a mark.
 */
size_t log_line(char[LOG_LINE_MAX], enum log_format, const struct log_entry *);

/**
 * log_level_name(level):
 * Return the word for ${level} in the log.
 */
const char *log_level_name(enum log_level);

#endif /* !BASE_LOG_H */
