/* SPDX-License-Identifier: MIT */
#ifndef CONF_PLAN_H
#define CONF_PLAN_H

/* Opaque types. */
struct diff;
struct text;

/**
 * plan_write(out, d):
 * Append what an update by ${d} does, for a person: a line for each program
 * whose services change ("~ web  restart  startsecs 1 -> 5 (web.conf:14)"), for
 * each setting of the main section, and how many services stay as they are.
 */
void plan_write(struct text *, const struct diff *);

#endif /* !CONF_PLAN_H */
