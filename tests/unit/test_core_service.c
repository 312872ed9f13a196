/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>

#include "core_rig.h"

static struct rig r;

static void
one(void)
{
	rig_init(&r, 1);
}

TestSuite(service, .init = one);

/* All with the defaults: startsecs 1, startretries 3, unexpected. */
Test(service, boot_starts_what_has_autostart)
{
	rig_init(&r, 2);
	r.programs[1].autostart = false;
	r.sv = supervisor_init(r.block, &r.fleet, 1, (struct mono){ 0 });
	rig_command(&r, EVENT_BOOT, 0);
	cr_assert_str_eq(rig_said(&r), "a:STARTING a:fork");
	cr_assert_str_eq(rig_state(&r, 1), "STOPPED");
}

Test(service, a_second_boot_changes_nothing)
{
	rig_start(&r);
	rig_command(&r, EVENT_BOOT, 0);
	rig_until(&r, 1000);
	rig_command(&r, EVENT_BOOT, 0);
	cr_assert_str_eq(rig_said(&r), "a:RUNNING");
}

Test(service, is_running_after_startsecs_from_exec)
{
	r.no_exec = true;
	rig_start(&r);
	rig_until(&r, 5000);
	rig_post(&r, rig_event(&r, EVENT_EXECED, 0));
	rig_until(&r, 5999);
	cr_assert_str_eq(rig_said(&r), "");
	rig_until(&r, 6000);
	cr_assert_str_eq(rig_said(&r), "a:RUNNING");
}

Test(service, without_startsecs_is_running_with_its_exec)
{
	r.programs[0].startsecs_ms = 0;
	r.no_exec = true;
	rig_start(&r);
	cr_assert_str_eq(rig_state(&r, 0), "STARTING");
	rig_post(&r, rig_event(&r, EVENT_EXECED, 0));
	cr_assert_str_eq(rig_state(&r, 0), "RUNNING");
}

/* supervisord: spawns at 0, 1, 3, 6 s with startretries=3, then FATAL. */
Test(service, failed_starts_wait_1_2_3_seconds_and_then_are_fatal)
{
	static const int64_t spawns[] = { 1000, 3000, 6000 };
	size_t k;

	rig_start(&r);
	for (k = 0; k < 3; k++) {
		rig_exit(&r, 0, EXIT_WITH(1), 0);
		cr_assert_str_eq(rig_said(&r), "a:BACKOFF");
		rig_until(&r, spawns[k] - 1);
		cr_assert_str_eq(rig_said(&r), "");
		rig_until(&r, spawns[k]);
		cr_assert_str_eq(rig_said(&r), "a:STARTING a:fork");
	}
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	cr_assert_str_eq(rig_said(&r), "a:FATAL");
	rig_until(&r, 1000000);
	cr_assert_str_eq(rig_said(&r), "");
}

Test(service, exit_0_before_startsecs_backs_off)
{
	rig_start(&r);
	rig_until(&r, 900);
	rig_exit(&r, 0, EXIT_WITH(0), 0);
	cr_assert_str_eq(rig_said(&r), "a:BACKOFF");
	cr_assert_eq(rig_service(&r, 0)->reason, REASON_TOO_SOON);
	cr_assert_eq(rig_service(&r, 0)->deadline.ms, 1900);
}

Test(service, with_no_retries_the_first_failed_start_is_fatal)
{
	r.programs[0].startretries = 0;
	rig_start(&r);
	rig_exit(&r, 0, EXIT_WITH(0), 0);
	cr_assert_str_eq(rig_said(&r), "a:FATAL");
}

Test(service, running_forgets_the_failed_starts)
{
	rig_start(&r);
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	rig_until(&r, 2000);
	cr_assert_str_eq(rig_state(&r, 0), "RUNNING");
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	rig_until(&r, 2500);
	(void)rig_said(&r);
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	cr_assert_str_eq(rig_said(&r), "a:BACKOFF");
	cr_assert_eq(rig_service(&r, 0)->deadline.ms, 3500);
}

/* One row a line: autorestart, how it ended, what follows. */
Test(service, autorestart_by_exit_code_and_signal)
{
	static const struct {
		enum program_autorestart autorestart;
		int status;
		const char *follows;
	} rows[] = {
		{ AUTORESTART_NEVER, EXIT_WITH(0), "a:EXITED" },
		{ AUTORESTART_NEVER, EXIT_WITH(1), "a:EXITED" },
		{ AUTORESTART_NEVER, SIGSEGV, "a:EXITED" },
		{ AUTORESTART_UNEXPECTED, EXIT_WITH(0), "a:EXITED" },
		{ AUTORESTART_UNEXPECTED, EXIT_WITH(255), "a:EXITED" },
		{ AUTORESTART_UNEXPECTED, EXIT_WITH(1),
		    "a:EXITED a:STARTING a:fork" },
		/* Any signal is unexpected, SIGTERM too, and signal 0 is none. */
		{ AUTORESTART_UNEXPECTED, SIGTERM,
		    "a:EXITED a:STARTING a:fork" },
		{ AUTORESTART_UNEXPECTED, SIGSEGV | 0x80,
		    "a:EXITED a:STARTING a:fork" },
		{ AUTORESTART_ALWAYS, EXIT_WITH(0),
		    "a:EXITED a:STARTING a:fork" },
		{ AUTORESTART_ALWAYS, SIGKILL, "a:EXITED a:STARTING a:fork" },
	};
	size_t k;

	for (k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
		rig_init(&r, 1);
		r.programs[0].autorestart = rows[k].autorestart;
		r.programs[0].exitcodes[7] = 1U << 31; /* 255 */
		rig_start(&r);
		rig_until(&r, 5000);
		(void)rig_said(&r);
		rig_exit(&r, 0, rows[k].status, 0);
		cr_assert_str_eq(rig_said(&r), rows[k].follows, "row %zu", k);
	}
}

Test(service, what_nobody_asked_for_is_counted_as_a_restart)
{
	rig_start(&r);
	rig_until(&r, 2000);
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	cr_assert_eq(rig_service(&r, 0)->starts, 2);
	cr_assert_eq(rig_service(&r, 0)->restarts, 1);
	rig_command(&r, EVENT_RESTART, 0);
	rig_exit(&r, 0, SIGTERM, 0);
	cr_assert_eq(rig_service(&r, 0)->starts, 3);
	cr_assert_eq(rig_service(&r, 0)->restarts, 1);
}

Test(service, a_restart_which_a_shutdown_forestalls_is_not_counted)
{
	rig_start(&r);
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	rig_hear(&r, (struct event){ .type = EVENT_SHUTDOWN });
	rig_until(&r, 1000);
	cr_assert_eq(rig_service(&r, 0)->restarts, 0);
}

/* A fork which fails says nothing about the program. */
Test(service, failed_forks_are_tried_for_ever_after_1_2_4_8_10_seconds)
{
	static const int64_t waits[] = { 1000, 2000, 4000, 8000, 10000, 10000,
		10000 };
	struct event ev;
	size_t k;

	r.no_fork = true;
	rig_start(&r);
	for (k = 0; k < sizeof(waits) / sizeof(waits[0]); k++) {
		ev = rig_event(&r, EVENT_FORK_FAILED, 0);
		ev.error = EPERM;
		rig_post(&r, ev);
		cr_assert_str_eq(rig_said(&r), "a:BACKOFF");
		cr_assert_eq(rig_service(&r, 0)->reason, REASON_NO_MEANS);
		rig_until(&r, r.now + waits[k] - 1);
		cr_assert_str_eq(rig_said(&r), "");
		rig_until(&r, r.now + 1);
		cr_assert_str_eq(rig_said(&r), "a:STARTING a:fork");
	}
}

/* EAGAIN of RLIMIT_NPROC comes from exec, in the child. */
Test(service, an_exec_without_means_is_like_a_failed_fork)
{
	struct event ev;
	int k;

	r.no_exec = true;
	rig_start(&r);
	for (k = 0; k < 8; k++) {
		ev = rig_event(&r, EVENT_EXEC_FAILED, 0);
		ev.error = EAGAIN;
		rig_post(&r, ev);
		rig_exit(&r, 0, EXIT_WITH(127), 0);
		cr_assert_str_eq(rig_state(&r, 0), "BACKOFF");
		rig_until(&r, r.now + (k < 4 ? 1000 << k : 10000));
		cr_assert_str_eq(rig_state(&r, 0), "STARTING");
	}
}

Test(service, an_exec_which_fails_is_a_failed_start)
{
	struct event ev;

	r.no_exec = true;
	r.programs[0].startsecs_ms = 0;
	rig_start(&r);
	ev = rig_event(&r, EVENT_EXEC_FAILED, 0);
	ev.error = ENOENT;
	ev.stage = 3;
	rig_post(&r, ev);
	rig_exit(&r, 0, EXIT_WITH(127), 0);
	cr_assert_str_eq(rig_said(&r), "a:BACKOFF");
	cr_assert_eq(rig_service(&r, 0)->reason, REASON_NOT_EXECUTED);
	cr_assert_eq(rig_service(&r, 0)->error, ENOENT);
	cr_assert_eq(rig_service(&r, 0)->stage, 3);
	rig_until(&r, 1000);
	cr_assert_eq(rig_service(&r, 0)->error, 0);
}

Test(service, an_exit_127_is_the_programs_own)
{
	rig_start(&r);
	rig_exit(&r, 0, EXIT_WITH(127), 0);
	cr_assert_eq(rig_service(&r, 0)->reason, REASON_TOO_SOON);
}

/* I5: /bin/true with startsecs=0 and autorestart=true. */
Test(service, after_a_burst_of_five_quick_runs_there_is_one_a_second)
{
	int k;

	r.programs[0].startsecs_ms = 0;
	r.programs[0].autorestart = AUTORESTART_ALWAYS;
	rig_start(&r);
	for (k = 0; k < 5; k++) {
		rig_exit(&r, 0, EXIT_WITH(0), 0);
		cr_assert_str_eq(
		    rig_said(&r), "a:EXITED a:STARTING a:fork a:RUNNING");
	}
	for (k = 1; k < 20; k++) {
		rig_exit(&r, 0, EXIT_WITH(0), 0);
		cr_assert_str_eq(rig_said(&r), "a:BACKOFF");
		cr_assert_eq(rig_service(&r, 0)->reason, REASON_THROTTLED);
		rig_until(&r, k * 1000 - 1);
		cr_assert_str_eq(rig_said(&r), "");
		rig_until(&r, k * 1000);
		cr_assert_str_eq(rig_said(&r), "a:STARTING a:fork a:RUNNING");
	}
}

Test(service, a_run_of_a_second_ends_a_burst)
{
	int k;

	r.programs[0].startsecs_ms = 0;
	r.programs[0].autorestart = AUTORESTART_ALWAYS;
	rig_start(&r);
	for (k = 0; k < 5; k++)
		rig_exit(&r, 0, EXIT_WITH(0), 0);
	rig_until(&r, 1000);
	(void)rig_said(&r);
	for (k = 0; k < 6; k++) {
		rig_exit(&r, 0, EXIT_WITH(0), 0);
		cr_assert_str_eq(
		    rig_said(&r), "a:EXITED a:STARTING a:fork a:RUNNING");
	}
	rig_exit(&r, 0, EXIT_WITH(0), 0);
	cr_assert_str_eq(rig_said(&r), "a:BACKOFF");
}

/* B30. */
Test(service, a_stop_in_backoff_forgets_the_start)
{
	rig_start(&r);
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	(void)rig_said(&r);
	rig_command(&r, EVENT_STOP, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED");
	cr_assert(mono_is_never(supervisor_deadline(r.sv)));
}

Test(service, a_start_in_backoff_starts_at_once_and_with_all_retries)
{
	rig_start(&r);
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	rig_until(&r, 1000);
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	(void)rig_said(&r);
	rig_command(&r, EVENT_START, 0);
	cr_assert_str_eq(rig_said(&r), "a:STARTING a:fork");
	cr_assert_eq(rig_service(&r, 0)->restart.retries, 0);
}

Test(service, fatal_and_exited_start_when_asked)
{
	r.programs[0].startretries = 0;
	rig_start(&r);
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	(void)rig_said(&r);
	rig_command(&r, EVENT_START, 0);
	cr_assert_str_eq(rig_said(&r), "a:STARTING a:fork");
	rig_until(&r, 1000);
	rig_exit(&r, 0, EXIT_WITH(0), 0);
	cr_assert_str_eq(rig_said(&r), "a:RUNNING a:EXITED");
	rig_command(&r, EVENT_RESTART, 0);
	cr_assert_str_eq(rig_said(&r), "a:STARTING a:fork");
}

Test(service, a_start_of_what_is_up_changes_nothing)
{
	rig_start(&r);
	rig_command(&r, EVENT_START, 0);
	rig_until(&r, 1000);
	rig_command(&r, EVENT_START, 0);
	cr_assert_str_eq(rig_said(&r), "a:RUNNING");
}

Test(service, a_stop_between_end_and_restart_forestalls_it)
{
	struct event ev;

	r.programs[0].autorestart = AUTORESTART_ALWAYS;
	rig_start(&r);
	rig_until(&r, 5000);
	(void)rig_said(&r);
	ev = rig_event(&r, EVENT_EXITED, 0);
	rig_hear(&r, ev);
	rig_hear(&r, (struct event){ .type = EVENT_STOP });
	rig_drain(&r);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED");
	cr_assert_eq(rig_service(&r, 0)->starts, 1);
}

Test(service, restart_stops_and_starts)
{
	rig_start(&r);
	rig_until(&r, 1000);
	(void)rig_said(&r);
	rig_command(&r, EVENT_RESTART, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/leader");
	rig_exit(&r, 0, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED a:STARTING a:fork");
}

Test(service, a_start_while_stopping_follows_the_stop)
{
	rig_start(&r);
	rig_command(&r, EVENT_STOP, 0);
	rig_command(&r, EVENT_START, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/leader");
	rig_exit(&r, 0, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED a:STARTING a:fork");
}

Test(service, a_stop_takes_back_the_start_which_was_to_follow)
{
	rig_start(&r);
	rig_command(&r, EVENT_RESTART, 0);
	rig_command(&r, EVENT_STOP, 0);
	rig_exit(&r, 0, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/leader a:STOPPED");
}

/* What speaks of another run is ignored at the door. */
Test(service, stale_and_repeated_events_change_nothing)
{
	struct event ev;
	int type;

	rig_start(&r);
	rig_until(&r, 1000);
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	rig_until(&r, 5000);
	(void)rig_said(&r);
	for (type = EVENT_FORKED; type <= EVENT_TREE_EMPTY; type++) {
		ev = rig_event(&r, type, 0);
		ev.run--;
		rig_post(&r, ev);
		ev.run += 2;
		rig_post(&r, ev);
	}
	rig_post(&r, rig_event(&r, EVENT_FORKED, 0));
	rig_post(&r, rig_event(&r, EVENT_FORK_FAILED, 0));
	rig_post(&r, rig_event(&r, EVENT_EXECED, 0));
	rig_post(&r, rig_event(&r, EVENT_EXEC_FAILED, 0));
	rig_post(&r, rig_event(&r, EVENT_TREE_EMPTY, 0));
	cr_assert_str_eq(rig_said(&r), "");
	cr_assert_str_eq(rig_state(&r, 0), "RUNNING");
}

Test(service, no_outcome_is_believed_of_a_fork_which_was_not_handed_out)
{
	r.sv = supervisor_init(r.block, &r.fleet, 1, (struct mono){ 0 });
	rig_hear(&r, (struct event){ .type = EVENT_BOOT });
	rig_hear(&r, rig_event(&r, EVENT_FORKED, 0));
	rig_hear(&r, rig_event(&r, EVENT_FORK_FAILED, 0));
	rig_drain(&r);
	cr_assert_str_eq(rig_said(&r), "a:STARTING a:fork");
}

/* B8: a failed fork's -1 must never become a pid. */
Test(service, no_pid_below_2_is_believed)
{
	struct event ev;
	int pid;

	r.no_fork = true;
	rig_start(&r);
	for (pid = -1; pid <= 1; pid++) {
		ev = rig_event(&r, EVENT_FORKED, 0);
		ev.pid = pid;
		rig_post(&r, ev);
		cr_assert_eq(rig_service(&r, 0)->run.phase, RUN_ASKED);
	}
}

Test(service, an_event_for_a_service_which_is_not_there_is_ignored)
{
	rig_start(&r);
	rig_post(&r, (struct event){ .type = EVENT_STOP, .service = 1 });
	rig_post(
	    &r, (struct event){ .type = EVENT_STOP, .service = 4294967295 });
	cr_assert_str_eq(rig_said(&r), "");
}

Test(service, an_exit_before_the_exec_is_told_is_a_failed_start)
{
	r.no_exec = true;
	rig_start(&r);
	rig_exit(&r, 0, SIGKILL, 0);
	cr_assert_str_eq(rig_said(&r), "a:BACKOFF");
}
