/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "base/err.h"

Test(err, names_the_error_of_the_system)
{
	struct err e;

	cr_assert_eq(err_set(&e, ENOENT, "cannot open %s", "/x"), -1);
	cr_assert_eq(e.code, ENOENT);
	cr_assert_str_eq(e.text, "cannot open /x: No such file or directory");
}

Test(err, is_plain_text_without_one)
{
	struct err e;

	(void)err_set(&e, 0, "%d is too many", 3);
	cr_assert_eq(e.code, 0);
	cr_assert_str_eq(e.text, "3 is too many");
}

Test(err, keeps_errno)
{
	struct err e;

	errno = EPIPE;
	(void)err_set(&e, ENOENT, "x");
	cr_assert_eq(errno, EPIPE);
}

Test(err, a_long_text_is_cut_and_ended)
{
	char text[1000];
	struct err e;

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	(void)err_set(&e, ENOENT, "%s", text);
	cr_assert_eq(strlen(e.text), sizeof(e.text) - 1);
}
