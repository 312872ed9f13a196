/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdint.h>

#include "base/wall.h"

#define DAY_MS INT64_C(86400000)

static void
is(int64_t ms, const char *text)
{
	char buf[WALL_MAX];

	cr_assert_str_eq(wall_text((struct wall){ ms }, buf), text);
}

Test(wall, is_written_as_utc_with_milliseconds)
{
	is(0, "1970-01-01T00:00:00.000Z");
	is(INT64_C(1795421400123), "2026-11-23T08:10:00.123Z");
}

Test(wall, knows_leap_days)
{
	is(19782 * DAY_MS, "2024-02-29T00:00:00.000Z");
	is(19783 * DAY_MS, "2024-03-01T00:00:00.000Z");
	is(11016 * DAY_MS, "2000-02-29T00:00:00.000Z");
	/* 2100 has none. */
	is(47540 * DAY_MS, "2100-02-28T00:00:00.000Z");
	is(47541 * DAY_MS, "2100-03-01T00:00:00.000Z");
}

Test(wall, before_1970_counts_on_backwards)
{
	is(-1, "1969-12-31T23:59:59.999Z");
	is(-DAY_MS, "1969-12-31T00:00:00.000Z");
}

Test(wall, has_four_digits_of_year_whatever_the_clock_says)
{
	is(INT64_MAX, "9999-12-31T23:59:59.999Z");
	is(INT64_MIN, "0000-01-01T00:00:00.000Z");
}

Test(wall, now_is_later_than_this_line)
{
	cr_assert_gt(wall_now().ms, INT64_C(1700000000000));
}
