/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdint.h>

#include "base/mono.h"

Test(mono, does_not_go_back)
{
	struct mono a = mono_now(), b = mono_now();

	cr_assert_geq(b.ms, a.ms);
	cr_assert_gt(a.ms, 0);
}

Test(mono, after_never_wraps_around)
{
	cr_assert(mono_is_never(mono_after(MONO_NEVER, 1)));
	cr_assert(mono_is_never(mono_after((struct mono){ 5 }, INT64_MAX)));
	cr_assert_eq(mono_after((struct mono){ 5 }, 7).ms, 12);
}

Test(mono, a_deadline_is_reached_when_its_time_has_come)
{
	struct mono t = { 1000 };

	cr_assert_not(mono_reached((struct mono){ 999 }, t));
	cr_assert(mono_reached((struct mono){ 1000 }, t));
	cr_assert_not(mono_reached((struct mono){ 1000 }, MONO_NEVER));
}

Test(mono, the_earlier_of_two)
{
	struct mono t = { 3 };

	cr_assert_eq(mono_earlier(t, MONO_NEVER).ms, 3);
	cr_assert_eq(mono_earlier(MONO_NEVER, t).ms, 3);
}
