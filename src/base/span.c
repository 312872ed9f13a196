/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

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

void
span_uptime(struct strbuf *b, int64_t ms)
{
	int64_t s = ms / 1000, days = s / 86400;

	if (days > 0)
		strbuf_printf(b, "%lld %s, ", (long long)days,
		    days == 1 ? "day" : "days");
	strbuf_printf(b, "%d:%02d:%02d", (int)(s % 86400 / 3600),
	    (int)(s % 3600 / 60), (int)(s % 60));
}
