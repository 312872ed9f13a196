/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "base/text.h"

Test(text, nothing_equals_only_nothing)
{
	cr_assert(text_equal(NULL, NULL));
	cr_assert_not(text_equal(NULL, ""));
	cr_assert_not(text_equal("", NULL));
	cr_assert(text_equal("", ""));
	cr_assert_not(text_equal("a", "b"));
}

Test(text, lists_are_equal_to_their_ends)
{
	static const char *const none[] = { NULL }, *const a[] = { "a", NULL };
	static const char *const ab[] = { "a", "b", NULL };
	static const char *const ac[] = { "a", "c", NULL };

	cr_assert(text_list_equal(none, none));
	cr_assert(text_list_equal(ab, ab));
	cr_assert_not(text_list_equal(a, ab));
	cr_assert_not(text_list_equal(ab, a));
	cr_assert_not(text_list_equal(ab, ac));
	cr_assert_not(text_list_equal(none, a));
}
