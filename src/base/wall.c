/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <time.h>

#include "base/wall.h"

#define DAY_MS   INT64_C(86400000)
#define YEAR_0   (INT64_C(-719528) * DAY_MS)
#define YEAR_MAX (INT64_C(2932897) * DAY_MS - 1) /* The end of 9999. */

struct date {
	int year;
	int month;
	int day;
};

struct wall
wall_now(void)
{
	struct timespec ts;
	struct wall now;

	/* Cannot fail: the clock exists and the pointer is ours. */
	(void)clock_gettime(CLOCK_REALTIME, &ts);
	now.ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	return (now);
}

/*
 * The date of day ${n} after 1970-01-01.  Counted from the first of March of
 * the year 0, so that the leap day is the last one of its year.  Not by
 * gmtime_r(), which reads the file of the time zone when it is first called.
 */
static struct date
date_of(int64_t n)
{
	int64_t era, doe, yoe, doy, mp;
	struct date d;

	n += 719468;
	era = (n >= 0 ? n : n - 146096) / 146097;
	doe = n - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	d.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	d.month = (int)(mp < 10 ? mp + 3 : mp - 9);
	d.year = (int)(yoe + era * 400 + (d.month <= 2));
	return (d);
}

const char *
wall_text(struct wall t, char buf[WALL_MAX])
{
	int64_t ms = t.ms < YEAR_0 ? YEAR_0 : t.ms > YEAR_MAX ? YEAR_MAX : t.ms;
	int64_t days = ms / DAY_MS, rest = ms % DAY_MS;
	struct date d;
	int sec;

	if (rest < 0) {
		rest += DAY_MS;
		days--;
	}
	d = date_of(days);
	sec = (int)(rest / 1000);
	(void)snprintf(buf, WALL_MAX, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
	    (unsigned)d.year % 10000, (unsigned)d.month % 100,
	    (unsigned)d.day % 100, (unsigned)(sec / 3600) % 100,
	    (unsigned)(sec / 60 % 60), (unsigned)(sec % 60),
	    (unsigned)(rest % 1000));
	return (buf);
}
