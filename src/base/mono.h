/* SPDX-License-Identifier: MIT */
#ifndef BASE_MONO_H
#define BASE_MONO_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Monotonic time in milliseconds.  A struct, so that it cannot be mixed with
 * wall-clock time or with a bare duration by accident.  Only mono_now() asks
 * the clock; everything which decides is given the time as an argument.
 */
struct mono {
	int64_t ms;
};

#define MONO_NEVER ((struct mono){ INT64_MAX })

/**
 * mono_now():
 * Return the time of CLOCK_MONOTONIC.
 */
struct mono mono_now(void);

/* The point ${ms} after ${t}; saturates at MONO_NEVER. */
static inline struct mono
mono_after(struct mono t, int64_t ms)
{
	return ((struct mono){ t.ms > INT64_MAX - ms ? INT64_MAX : t.ms + ms });
}

static inline bool
mono_is_never(struct mono t)
{
	return (t.ms == INT64_MAX);
}

static inline bool
mono_reached(struct mono now, struct mono deadline)
{
	return (now.ms >= deadline.ms);
}

static inline struct mono
mono_earlier(struct mono a, struct mono b)
{
	return (a.ms < b.ms ? a : b);
}

#endif /* !BASE_MONO_H */
