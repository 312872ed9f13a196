/* SPDX-License-Identifier: MIT */
#ifndef BASE_WALL_H
#define BASE_WALL_H

#include <stdint.h>

/*
 * Wall-clock time in milliseconds since 1970 UTC, for time stamps and
 * schedules only: it may jump.  What lasts is measured with struct mono.
 */
struct wall {
	int64_t ms;
};

#define WALL_MAX 32 /* "2026-11-23T08:10:00.123Z" and its NUL fit. */

/**
 * wall_now():
 * Return the time of CLOCK_REALTIME.
 */
struct wall wall_now(void);

/**
 * wall_text(t, buf):
 * Write ${t} as RFC 3339 in UTC with milliseconds to ${buf} and return
 * ${buf}.  What lies outside of the years 0 to 9999 becomes the nearest
 * time within.
 */
const char *wall_text(struct wall, char[WALL_MAX]);

#endif /* !BASE_WALL_H */
