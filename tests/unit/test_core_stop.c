/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "core_rig.h"

static struct rig r;

static void
one(void)
{
	rig_init(&r, 1);
}

TestSuite(stop, .init = one);

/* Start it, and forget what was said of that. */
static void
up(void)
{
	rig_start(&r);
	rig_until(&r, 2000);
	(void)rig_said(&r);
}

Test(stop, signal_then_grace_then_kill_to_the_tree)
{
	up();
	rig_command(&r, EVENT_STOP, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/leader");
	rig_until(&r, 11999);
	cr_assert_str_eq(rig_said(&r), "");
	rig_until(&r, 12000);
	cr_assert_str_eq(rig_said(&r), "a:KILL/tree");
	rig_exit(&r, 0, SIGKILL, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED");
	cr_assert(mono_is_never(supervisor_deadline(r.sv)));
}

Test(stop, is_over_with_the_exit_and_counts_it_for_nothing)
{
	up();
	rig_command(&r, EVENT_STOP, 0);
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/leader a:STOPPED");
	rig_until(&r, 100000);
	cr_assert_str_eq(rig_said(&r), "");
}

Test(stop, of_what_has_no_exec_yet_signals_its_pid)
{
	r.no_exec = true;
	rig_start(&r);
	rig_command(&r, EVENT_STOP, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/leader");
	rig_post(&r, rig_event(&r, EVENT_EXECED, 0));
	rig_until(&r, 10000);
	cr_assert_str_eq(rig_said(&r), "a:KILL/tree");
	rig_exit(&r, 0, SIGKILL, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED");
}

Test(stop, between_fork_and_its_answer_is_done_with_the_answer)
{
	r.no_fork = true;
	rig_start(&r);
	rig_command(&r, EVENT_STOP, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING");
	rig_post(&r, rig_event(&r, EVENT_FORKED, 0));
	cr_assert_str_eq(rig_said(&r), "a:TERM/leader");
}

Test(stop, between_fork_and_its_failure_is_over_with_that)
{
	r.no_fork = true;
	rig_start(&r);
	rig_command(&r, EVENT_STOP, 0);
	rig_post(&r, rig_event(&r, EVENT_FORK_FAILED, 0));
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:STOPPED");
	cr_assert(mono_is_never(supervisor_deadline(r.sv)));
}

Test(stop, before_the_fork_was_handed_out_calls_it_off)
{
	rig_start(&r);
	rig_command(&r, EVENT_STOP, 0);
	rig_exit(&r, 0, SIGTERM, 0);
	(void)rig_said(&r);
	rig_hear(&r, (struct event){ .type = EVENT_START });
	rig_hear(&r, (struct event){ .type = EVENT_STOP });
	rig_drain(&r);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED");
}

Test(stop, a_second_one_does_not_begin_again)
{
	up();
	rig_command(&r, EVENT_STOP, 0);
	(void)rig_said(&r);
	rig_until(&r, 8000);
	rig_command(&r, EVENT_STOP, 0);
	cr_assert_str_eq(rig_said(&r), "");
	rig_until(&r, 12000);
	cr_assert_str_eq(rig_said(&r), "a:KILL/tree");
}

Test(stop, of_what_is_down_says_nothing)
{
	r.programs[0].autostart = false;
	rig_start(&r);
	rig_command(&r, EVENT_STOP, 0);
	cr_assert_str_eq(rig_said(&r), "");
}

Test(stop, without_grace_kills_at_once)
{
	r.programs[0].stopwaitsecs_ms = 0;
	up();
	rig_command(&r, EVENT_STOP, 0);
	rig_until(&r, 2000);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/leader a:KILL/tree");
}

Test(stop, with_stopsignal_kill_has_no_grace)
{
	r.programs[0].stopsignal = SIGKILL;
	up();
	rig_command(&r, EVENT_STOP, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:KILL/tree");
}

Test(stop, sends_the_stopsignal_of_the_program)
{
	r.programs[0].stopsignal = SIGQUIT;
	up();
	rig_command(&r, EVENT_STOP, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:QUIT/leader");
}

Test(stop, received_is_term_by_a_command)
{
	r.programs[0].stopsignal = STOPSIGNAL_RECEIVED;
	up();
	rig_command(&r, EVENT_STOP, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/leader");
	rig_until(&r, 11999);
	cr_assert_str_eq(rig_said(&r), "");
}

/* A shell with a foreground child survives a lone INT. */
Test(stop, received_int_is_followed_by_term_after_a_second)
{
	r.programs[0].stopsignal = STOPSIGNAL_RECEIVED;
	up();
	rig_post(&r, (struct event){ .type = EVENT_SHUTDOWN, .signo = SIGINT });
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:INT/leader");
	rig_until(&r, 2999);
	cr_assert_str_eq(rig_said(&r), "");
	rig_until(&r, 3000);
	cr_assert_str_eq(rig_said(&r), "a:TERM/leader");
	rig_until(&r, 12000);
	cr_assert_str_eq(rig_said(&r), "a:KILL/tree");
}

Test(stop, an_int_which_worked_is_not_followed_by_term)
{
	r.programs[0].stopsignal = STOPSIGNAL_RECEIVED;
	up();
	rig_post(&r, (struct event){ .type = EVENT_SHUTDOWN, .signo = SIGINT });
	rig_exit(&r, 0, SIGINT, 0);
	rig_until(&r, 20000);
	cr_assert_str_eq(
	    rig_said(&r), "a:STOPPING a:INT/leader a:STOPPED done=0");
}

/* Not where INT is the program's own stopsignal. */
Test(stop, a_stopsignal_int_is_not_followed_by_term)
{
	r.programs[0].stopsignal = SIGINT;
	up();
	rig_post(&r, (struct event){ .type = EVENT_SHUTDOWN, .signo = SIGINT });
	rig_until(&r, 11999);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:INT/leader");
}

Test(stop, whom_signal_and_kill_are_for)
{
	static const struct {
		bool stopasgroup, killasgroup;
		enum program_leftovers leftovers;
		const char *said;
	} rows[] = {
		{ false, false, LEFTOVERS_KILL, "a:TERM/leader a:KILL/tree" },
		{ true, true, LEFTOVERS_KILL, "a:TERM/group a:KILL/tree" },
		{ false, false, LEFTOVERS_KILL_ON_STOP,
		    "a:TERM/leader a:KILL/tree" },
		{ false, false, LEFTOVERS_LEAVE,
		    "a:TERM/leader a:KILL/leader" },
		{ false, true, LEFTOVERS_LEAVE, "a:TERM/leader a:KILL/group" },
		{ true, true, LEFTOVERS_LEAVE, "a:TERM/group a:KILL/group" },
	};
	size_t k;

	for (k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
		rig_init(&r, 1);
		r.programs[0].stopasgroup = rows[k].stopasgroup;
		r.programs[0].killasgroup = rows[k].killasgroup;
		r.programs[0].leftovers = rows[k].leftovers;
		up();
		rig_command(&r, EVENT_STOP, 0);
		rig_until(&r, 12000);
		cr_assert_str_eq(rig_said(&r) + strlen("a:STOPPING "),
		    rows[k].said, "row %zu", k);
	}
}

/* B13: the leader's exit does not cancel the escalation for the rest. */
Test(stop, a_leader_which_exits_on_term_does_not_save_its_tree)
{
	up();
	rig_command(&r, EVENT_STOP, 0);
	(void)rig_said(&r);
	rig_until(&r, 3000);
	rig_exit(&r, 0, EXIT_WITH(0), 3);
	cr_assert_str_eq(rig_said(&r), "a:TERM/tree");
	cr_assert_str_eq(rig_state(&r, 0), "STOPPING");
	rig_until(&r, 12000);
	cr_assert_str_eq(rig_said(&r), "a:KILL/tree");
	rig_post(&r, rig_event(&r, EVENT_TREE_EMPTY, 0));
	cr_assert_str_eq(rig_said(&r), "a:STOPPED");
}

Test(stop, what_the_killed_leave_is_killed_too)
{
	up();
	rig_command(&r, EVENT_STOP, 0);
	rig_until(&r, 12000);
	(void)rig_said(&r);
	rig_exit(&r, 0, SIGKILL, 1);
	cr_assert_str_eq(rig_said(&r), "a:KILL/tree");
}

Test(stop, leave_is_over_with_the_main_process_and_says_what_is_left)
{
	r.programs[0].leftovers = LEFTOVERS_LEAVE;
	up();
	rig_command(&r, EVENT_STOP, 0);
	(void)rig_said(&r);
	rig_exit(&r, 0, EXIT_WITH(0), 2);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED a:left");
}

Test(stop, an_exit_by_itself_sweeps_what_it_left_before_the_restart)
{
	up();
	rig_exit(&r, 0, EXIT_WITH(1), 2);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/tree");
	cr_assert_eq(rig_service(&r, 0)->reason, REASON_SWEEP);
	rig_until(&r, 12000);
	rig_post(&r, rig_event(&r, EVENT_TREE_EMPTY, 0));
	cr_assert_str_eq(
	    rig_said(&r), "a:KILL/tree a:EXITED a:STARTING a:fork");
}

/* The wait of a failed start counts from its end, not from the sweep's. */
Test(stop, a_sweep_counts_towards_the_wait_of_backoff)
{
	rig_start(&r);
	rig_until(&r, 500);
	rig_exit(&r, 0, EXIT_WITH(1), 1);
	rig_until(&r, 1200);
	rig_post(&r, rig_event(&r, EVENT_TREE_EMPTY, 0));
	cr_assert_eq(rig_service(&r, 0)->deadline.ms, 1500);
}

Test(stop, during_a_sweep_no_restart_follows)
{
	up();
	rig_exit(&r, 0, EXIT_WITH(1), 2);
	rig_command(&r, EVENT_STOP, 0);
	rig_post(&r, rig_event(&r, EVENT_TREE_EMPTY, 0));
	cr_assert_str_eq(
	    rig_said(&r), "a:STOPPING a:TERM/tree a:STOPPING a:STOPPED");
}

Test(stop, kill_on_stop_leaves_alone_what_an_exit_by_itself_left)
{
	r.programs[0].leftovers = LEFTOVERS_KILL_ON_STOP;
	up();
	rig_exit(&r, 0, EXIT_WITH(1), 2);
	cr_assert_str_eq(rig_said(&r), "a:EXITED a:left a:STARTING a:fork");
}

Test(stop, kill_on_stop_ends_what_a_stop_left)
{
	r.programs[0].leftovers = LEFTOVERS_KILL_ON_STOP;
	up();
	rig_command(&r, EVENT_STOP, 0);
	rig_exit(&r, 0, SIGTERM, 2);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/leader a:TERM/tree");
}

/* The next run may be asked for before LEFT has been handed out. */
Test(stop, left_names_the_run_which_left)
{
	struct action a;
	uint64_t run;

	r.programs[0].leftovers = LEFTOVERS_LEAVE;
	up();
	run = rig_service(&r, 0)->run.number;
	rig_hear(&r, (struct event){ .type = EVENT_STOP });
	rig_hear(
	    &r, (struct event){ .type = EVENT_EXITED, .run = run, .left = 1 });
	rig_hear(&r, (struct event){ .type = EVENT_START });
	while (supervisor_next(r.sv, (struct mono){ r.now }, &a) &&
	       a.type != ACTION_LEFT)
		;
	cr_assert_eq(a.type, ACTION_LEFT);
	cr_assert_eq(a.run, run);
	cr_assert_gt(rig_service(&r, 0)->run.number, run);
}

/* I3. */
Test(stop, kill_is_repeated_each_second_and_after_five_it_is_stuck)
{
	up();
	rig_command(&r, EVENT_STOP, 0);
	rig_until(&r, 16999);
	cr_assert_str_eq(rig_said(&r),
	    "a:STOPPING a:TERM/leader a:KILL/tree a:KILL/tree a:KILL/tree "
	    "a:KILL/tree a:KILL/tree");
	rig_until(&r, 17000);
	cr_assert_str_eq(rig_said(&r), "a:stuck");
	cr_assert_str_eq(rig_state(&r, 0), "STOPPING");
	cr_assert(mono_is_never(supervisor_deadline(r.sv)));
}

static void
stick(void)
{
	up();
	rig_command(&r, EVENT_STOP, 0);
	rig_until(&r, 17000);
	(void)rig_said(&r);
}

Test(stop, what_is_stuck_is_not_started_again)
{
	stick();
	rig_command(&r, EVENT_START, 0);
	rig_until(&r, 100000);
	cr_assert_str_eq(rig_said(&r), "");
	cr_assert_str_eq(rig_state(&r, 0), "STOPPING");
}

Test(stop, what_was_stuck_and_ends_is_stopped)
{
	stick();
	rig_exit(&r, 0, SIGKILL, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED");
}

Test(stop, what_was_stuck_and_ends_starts_if_that_was_asked_for)
{
	stick();
	rig_command(&r, EVENT_START, 0);
	rig_exit(&r, 0, SIGKILL, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED a:STARTING a:fork");
}

Test(stop, what_was_stuck_and_leaves_others_kills_those)
{
	stick();
	rig_exit(&r, 0, SIGKILL, 1);
	cr_assert_str_eq(rig_said(&r), "a:KILL/tree");
	rig_until(&r, 22000);
	cr_assert_str_eq(rig_said(&r),
	    "a:KILL/tree a:KILL/tree a:KILL/tree a:KILL/tree a:stuck");
	rig_post(&r, rig_event(&r, EVENT_TREE_EMPTY, 0));
	cr_assert_str_eq(rig_said(&r), "a:STOPPED");
}

/* The end and the tick may come in the same turn. */
Test(stop, what_has_ended_meanwhile_is_not_called_stuck)
{
	up();
	rig_command(&r, EVENT_STOP, 0);
	rig_until(&r, 16999);
	(void)rig_said(&r);
	r.now = 17000;
	rig_hear(&r, (struct event){ .type = EVENT_TICK });
	rig_hear(&r, rig_event(&r, EVENT_EXITED, 0));
	rig_drain(&r);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED");
}

Test(stop, a_kill_in_the_same_turn_takes_the_place_of_the_signal)
{
	r.programs[0].stopwaitsecs_ms = 0;
	up();
	rig_hear(&r, (struct event){ .type = EVENT_STOP });
	rig_hear(&r, (struct event){ .type = EVENT_TICK });
	rig_drain(&r);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:KILL/tree");
}

Test(stop, what_has_ended_meanwhile_is_not_signalled)
{
	up();
	rig_hear(&r, (struct event){ .type = EVENT_STOP });
	rig_hear(&r, rig_event(&r, EVENT_EXITED, 0));
	rig_drain(&r);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED");
}

Test(stop, on_its_way_down_is_as_wanted_until_it_is_stuck)
{
	up();
	rig_command(&r, EVENT_STOP, 0);
	cr_assert(service_as_wanted(&r.sv->services[0], &r.programs[0]));
	rig_until(&r, 30000);
	cr_assert(service_is_stuck(&r.sv->services[0]));
	cr_assert_not(service_as_wanted(&r.sv->services[0], &r.programs[0]));
}
