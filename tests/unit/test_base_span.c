/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdint.h>

#include "base/span.h"

Test(span, reads_the_words_of_the_ini)
{
	cr_assert_eq(span_parse("10"), 10000);
	cr_assert_eq(span_parse("500ms"), 500);
	cr_assert_eq(span_parse("2s"), 2000);
	cr_assert_eq(span_parse("5m"), 300000);
	cr_assert_eq(span_parse("1h"), 3600000);
	cr_assert_eq(span_parse("1d"), 86400000);
	cr_assert_eq(span_parse("0"), 0);
}

Test(span, refuses_what_is_no_time)
{
	static const char *const bad[] = { "", "s", "-1", "1x", "1 s", "soon",
		"99999999999999999999", "9223372036854775807d", "1.5s" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_eq(span_parse(bad[i]), -1, "%s", bad[i]);
}

Test(span, an_uptime_reads_as_with_supervisorctl)
{
	char buf[SPAN_MAX];

	cr_assert_str_eq(span_uptime(6000, buf), "0:00:06");
	cr_assert_str_eq(
	    span_uptime(INT64_C(93784) * 1000, buf), "1 day, 2:03:04");
	cr_assert_str_eq(
	    span_uptime(INT64_C(458294) * 1000, buf), "5 days, 7:18:14");
	cr_assert_str_eq(span_uptime(-1, buf), "0:00:00");
	cr_assert_str_eq(
	    span_uptime(INT64_MAX, buf), "106751991167 days, 7:12:55");
}

Test(span, seconds_have_a_tenth_where_it_matters)
{
	char buf[SPAN_MAX];

	cr_assert_str_eq(span_seconds(-5, buf), "0 s");
	cr_assert_str_eq(span_seconds(0, buf), "0 s");
	cr_assert_str_eq(span_seconds(50, buf), "50 ms");
	cr_assert_str_eq(span_seconds(349, buf), "0.3 s");
	cr_assert_str_eq(span_seconds(350, buf), "0.4 s");
	cr_assert_str_eq(span_seconds(9999, buf), "10 s");
	cr_assert_str_eq(span_seconds(59900, buf), "59.9 s");
	cr_assert_str_eq(span_seconds(60500, buf), "60 s");
}
