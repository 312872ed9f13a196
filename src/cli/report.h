/* SPDX-License-Identifier: MIT */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "wire/control.h"

/* Opaque types. */
struct options;
struct reply;
struct strbuf;

/**
 * report_text(b):
 * Write the text of ${b} to stdout.  Return CONTROL_OK, or CONTROL_FAILED
 * where that does not work, which then stands on stderr.
 */
enum control_code report_text(struct strbuf *);

/**
 * report_json(reply):
 * Write ${reply}, without its id, to stdout as a line of JSON.  Return as
 * report_text() does.
 */
enum control_code report_json(const struct reply *);

/**
 * report_error(fmt, ...):
 * Write "sigctl: " and the text to stderr, fit for a terminal.
 */
void report_error(const char *, ...) __attribute__((format(printf, 1, 2)));

/**
 * report_fail(o, code, fmt, ...):
 * Write the text to stderr and, with --json, to stdout as a failed reply.
 * Return ${code}.
 */
enum control_code report_fail(const struct options *, enum control_code,
    const char *, ...) __attribute__((format(printf, 3, 4)));

/**
 * report_progress(o, text):
 * Replace the line of progress on stderr, if that is a terminal; with "" take
 * it away.
 */
void report_progress(const struct options *, const char *);

#endif /* !CLI_REPORT_H */
