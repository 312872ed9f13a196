/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/find.h"

static char buf[FIND_PATH_MAX];

Test(find, a_configured_socket_is_the_socket)
{
	cr_assert_eq(find_socket(buf, "/x/y.sock"), 0);
	cr_assert_str_eq(buf, "/x/y.sock");
}

Test(find, a_name_which_no_socket_can_have_is_refused)
{
	char longest[109];

	memset(longest, 'x', 108);
	longest[108] = '\0';
	cr_expect_eq(find_socket(buf, longest), -1);
	cr_expect_eq(errno, ENAMETOOLONG);
	longest[107] = '\0';
	cr_expect_eq(find_socket(buf, longest), 0);
}

Test(find, the_default_is_never_nothing)
{
	cr_assert_eq(find_socket(buf, NULL), 0);
	cr_assert(buf[0] == '/' || buf[0] == '@');
}

Test(find, the_variable_names_the_configuration)
{
	cr_assert_eq(setenv("SIGMUND_CONFIG", "/x/y.ini", 1), 0);
	cr_assert_eq(find_config(buf), 0);
	cr_assert_str_eq(buf, "/x/y.ini");
}

Test(find, our_own_places_come_first)
{
	cr_expect_str_eq(find_config_place(0), "./sigmund.ini");
	cr_expect_str_eq(find_config_place(1), "/etc/sigmund/sigmund.ini");
	cr_expect_not_null(strstr(find_config_place(2), "supervisord.conf"));
	cr_expect_null(find_config_place(100));
}
