/* SPDX-License-Identifier: MIT */
#include <time.h>

#include "base/mono.h"

struct mono
mono_now(void)
{
	struct timespec ts;
	struct mono now;

	/* Cannot fail: the clock exists and the pointer is ours. */
	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	now.ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	return (now);
}
