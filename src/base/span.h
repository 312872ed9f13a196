/* SPDX-License-Identifier: MIT */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdint.h>

/* Opaque types. */
struct strbuf;

/**
 * span_parse(text):
 * Return the milliseconds which ${text} says, in the words of the INI: a
 * whole number of ms, s, m, h or d, without unit of seconds; or -1.
 */
int64_t span_parse(const char *);

/**
 * span_uptime(b, ms):
 * Append ${ms} as supervisorctl shows an uptime: 0:00:06, 1 day, 2:03:04.
 */
void span_uptime(struct strbuf *, int64_t);

#endif /* !BASE_SPAN_H */
