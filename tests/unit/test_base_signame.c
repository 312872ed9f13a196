/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>

#include "base/signame.h"

Test(signame, is_known_with_and_without_sig_in_any_case)
{
	cr_assert_eq(signame_number("TERM"), SIGTERM);
	cr_assert_eq(signame_number("SIGTERM"), SIGTERM);
	cr_assert_eq(signame_number("sigterm"), SIGTERM);
	cr_assert_eq(signame_number("quit"), SIGQUIT);
	cr_assert_eq(signame_number("15"), SIGTERM);
	cr_assert_eq(signame_number("CLD"), SIGCHLD);
}

Test(signame, real_time_signals_count_from_both_ends)
{
	cr_assert_eq(signame_number("RTMIN"), SIGRTMIN);
	cr_assert_eq(signame_number("SIGRTMIN+3"), SIGRTMIN + 3);
	cr_assert_eq(signame_number("rtmax-1"), SIGRTMAX - 1);
	cr_assert_eq(signame_number("RTMAX"), SIGRTMAX);
}

Test(signame, what_is_no_signal_is_refused)
{
	static const char *const bad[] = { "", "0", "65", "-1", "TERMX", "SIG",
		"15x", " 15", "SIG15", "RTMIN+", "RTMIN-1", "RTMIN+99",
		"RTMAX+1", "RTMAX-99", "999999999999999999999" };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_eq(signame_number(bad[i]), -1, "\"%s\"", bad[i]);
}

Test(signame, every_name_that_is_printed_is_read_again)
{
	char buf[SIGNAME_MAX];
	int signo;

	for (signo = 1; signo <= SIGRTMAX; signo++)
		cr_assert_eq(signame_number(signame_text(signo, buf)), signo,
		    "%d is \"%s\"", signo, buf);
}

Test(signame, of_two_names_the_usual_one_is_printed)
{
	char buf[SIGNAME_MAX];

	cr_assert_str_eq(signame_text(SIGABRT, buf), "ABRT");
	cr_assert_str_eq(signame_text(SIGCHLD, buf), "CHLD");
	cr_assert_str_eq(signame_text(SIGRTMIN + 3, buf), "RTMIN+3");
}
