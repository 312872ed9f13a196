/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"

static const struct {
	const char *unit;
	int64_t ms;
} units[] = {
	{ "", 1000 },
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", INT64_C(60) * 1000 },
	{ "h", INT64_C(60) * 60 * 1000 },
	{ "d", INT64_C(24) * 60 * 60 * 1000 },
};
#define NUNITS (sizeof(units) / sizeof(units[0]))

int64_t
span_parse(const char *text)
{
	char *end;
	long long n;
	size_t i;

	if (!isdigit((unsigned char)text[0]))
		return (-1);
	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno != 0)
		return (-1);
	for (i = 0; i < NUNITS; i++)
		if (strcmp(units[i].unit, end) == 0 &&
		    n <= INT64_MAX / units[i].ms)
			return (n * units[i].ms);
	return (-1);
}

const char *
span_seconds(int64_t ms, char buf[SPAN_MAX])
{
	int64_t tenths;

	if (ms > 0 && ms < 100) {
		(void)snprintf(buf, SPAN_MAX, "%d ms", (int)ms);
		return (buf);
	}
	/* To the nearest tenth: 9999 ms are 10 s. */
	tenths = ms < 0 ? 0 : ms / 100 + (ms % 100 >= 50);
	if (tenths < 600 && tenths % 10 != 0)
		(void)snprintf(buf, SPAN_MAX, "%d.%d s", (int)(tenths / 10),
		    (int)(tenths % 10));
	else
		(void)snprintf(
		    buf, SPAN_MAX, "%lld s", (long long)(tenths / 10));
	return (buf);
}

const char *
span_uptime(int64_t ms, char buf[SPAN_MAX])
{
	int64_t s = ms < 0 ? 0 : ms / 1000;
	int h = (int)(s % 86400 / 3600), m = (int)(s % 3600 / 60);
	long long days = s / 86400;

	if (days > 0)
		(void)snprintf(buf, SPAN_MAX, "%lld day%s, %d:%02d:%02d", days,
		    days == 1 ? "" : "s", h, m, (int)(s % 60));
	else
		(void)snprintf(
		    buf, SPAN_MAX, "%d:%02d:%02d", h, m, (int)(s % 60));
	return (buf);
}
