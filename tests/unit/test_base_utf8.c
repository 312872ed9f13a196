/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "base/utf8.h"

static size_t
length(const char *text)
{
	return (utf8_length(text, strlen(text)));
}

Test(utf8, knows_characters_of_one_to_four_bytes)
{
	cr_assert_eq(length("a"), 1);
	cr_assert_eq(length("\xc3\xa9"), 2);
	cr_assert_eq(length("\xe2\x82\xac"), 3);
	cr_assert_eq(length("\xf0\x9f\x98\x80"), 4);
}

Test(utf8, its_limits_are_valid)
{
	cr_assert_eq(length("\xc2\x80"), 2);
	cr_assert_eq(length("\xe0\xa0\x80"), 3);
	cr_assert_eq(length("\xed\x9f\xbf"), 3);
	cr_assert_eq(length("\xf0\x90\x80\x80"), 4);
	cr_assert_eq(length("\xf4\x8f\xbf\xbf"), 4);
}

Test(utf8, what_is_too_long_too_high_or_a_surrogate_is_not)
{
	cr_assert_eq(length("\xc0\xaf"), 0);
	cr_assert_eq(length("\xe0\x9f\xbf"), 0);
	cr_assert_eq(length("\xf0\x8f\xbf\xbf"), 0);
	cr_assert_eq(length("\xed\xa0\x80"), 0);
	cr_assert_eq(length("\xf4\x90\x80\x80"), 0);
	cr_assert_eq(length("\xf5\x80\x80\x80"), 0);
	cr_assert_eq(length("\xff"), 0);
}

Test(utf8, what_is_cut_off_is_not)
{
	cr_assert_eq(utf8_length("\xe2\x82\xac", 2), 0);
	cr_assert_eq(utf8_length("\xc3", 1), 0);
	cr_assert_eq(utf8_length("a", 0), 0);
	cr_assert_eq(length("\xe2\x82z"), 0);
	cr_assert_eq(length("\x80"), 0);
}

Test(utf8, control_characters_are_told_from_the_rest)
{
	cr_assert(utf8_is_control("\x1b", 1));
	cr_assert(utf8_is_control("\x7f", 1));
	cr_assert(utf8_is_control("\xc2\x9b", 2));
	cr_assert_not(utf8_is_control(" ", 1));
	cr_assert_not(utf8_is_control("\xc2\xa0", 2));
	cr_assert_not(utf8_is_control("\xe2\x82\xac", 3));
}
