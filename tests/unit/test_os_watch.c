/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "os/signals.h"
#include "os/watch.h"

#define CAP 4

static int set;
static int in[2];
static void *args[CAP];

static void
begin(void)
{
	set = watch_open();
	cr_assert(set >= 0);
	cr_assert_eq(pipe2(in, O_CLOEXEC), 0);
	cr_assert_eq(watch_add(set, in[0], in), 0);
}

TestSuite(watch, .init = begin);

Test(watch, nothing_to_read_is_nothing_to_tell)
{
	cr_assert_eq(watch_ready(set, args, CAP), 0);
}

Test(watch, an_end_is_told_with_what_was_given)
{
	(void)close(in[1]);
	cr_assert_eq(watch_ready(set, args, CAP), 1);
	cr_assert_eq(args[0], (void *)in);
}

/* As a child has one, between its fork and its exec. */
Test(watch, what_was_removed_is_not_told_while_a_copy_is_open)
{
	cr_assert_neq(dup(in[0]), -1);
	watch_remove(set, in[0]);
	(void)close(in[0]);
	(void)close(in[1]);
	cr_assert_eq(watch_ready(set, args, CAP), 0);
}

Test(watch, more_than_there_is_room_for_comes_the_next_time)
{
	int i, fds[2];

	for (i = 0; i < CAP; i++) {
		cr_assert_eq(pipe2(fds, O_CLOEXEC), 0);
		cr_assert_eq(watch_add(set, fds[0], fds), 0);
		(void)close(fds[1]);
	}
	(void)close(in[1]);
	cr_assert_eq(watch_ready(set, args, CAP), CAP);
}

Test(watch, a_bad_descriptor_is_refused)
{
	cr_assert_eq(watch_add(set, -1, NULL), -1);
}

static void
hear(int signo)
{
	(void)signo;
}

Test(signals, handled_are_those_with_a_handler_or_ignored)
{
	struct sigaction sa = { .sa_handler = hear };
	sigset_t handled;

	(void)sigaction(SIGUSR1, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	(void)sigaction(SIGUSR2, &sa, NULL);
	signals_handled(&handled);
	cr_assert_eq(sigismember(&handled, SIGUSR1), 1);
	cr_assert_eq(sigismember(&handled, SIGUSR2), 1);
	cr_assert_eq(sigismember(&handled, SIGTERM), 0);
}

Test(signals, default_of_a_set_leaves_the_others_alone)
{
	struct sigaction sa = { .sa_handler = hear };
	sigset_t set_of_one, handled;

	(void)sigaction(SIGUSR1, &sa, NULL);
	(void)sigaction(SIGUSR2, &sa, NULL);
	(void)sigemptyset(&set_of_one);
	(void)sigaddset(&set_of_one, SIGUSR1);
	signals_default(&set_of_one);
	signals_handled(&handled);
	cr_assert_eq(sigismember(&handled, SIGUSR1), 0);
	cr_assert_eq(sigismember(&handled, SIGUSR2), 1);
}
