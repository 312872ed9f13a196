/* SPDX-License-Identifier: MIT */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdint.h>

/*
 * Lengths of time, as people write and read them.
 */

#define SPAN_MAX 40 /* "106751991167 days, 7:12:55" and its NUL fit. */

/**
 * span_parse(text):
 * Return the milliseconds which ${text} says, in the words of the INI: a
 * whole number of ms, s, m, h or d, without unit of seconds; or -1.
 */
int64_t span_parse(const char *);

/**
 * span_seconds(ms, buf):
 * Write ${ms} in seconds, with a tenth where it matters, to ${buf} and return
 * ${buf}: 50 ms, 0.3 s, 12 s.
 */
const char *span_seconds(int64_t, char[SPAN_MAX]);

/**
 * span_uptime(ms, buf):
 * Write ${ms} as supervisorctl shows an uptime to ${buf} and return ${buf}:
 * 0:00:06, 1 day, 2:03:04.
 */
const char *span_uptime(int64_t, char[SPAN_MAX]);

#endif /* !BASE_SPAN_H */
