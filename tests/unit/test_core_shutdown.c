/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <signal.h>

#include "core_rig.h"

static struct rig r;

/* Three services on levels 0, 1 and 2; supervisord stops the last first. */
static void
three(void)
{
	uint32_t i;

	rig_init(&r, 3);
	for (i = 0; i < 3; i++)
		r.defs[i].level = i;
}

TestSuite(shutdown, .init = three);

static void
up(void)
{
	rig_start(&r);
	rig_until(&r, 1000);
	(void)rig_said(&r);
}

static void
shut(int signo)
{
	rig_post(&r, (struct event){ .type = EVENT_SHUTDOWN, .signo = signo });
}

Test(shutdown, comes_down_level_by_level)
{
	up();
	shut(SIGTERM);
	cr_assert_str_eq(rig_said(&r), "c:STOPPING c:TERM/leader");
	rig_exit(&r, 2, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "c:STOPPED b:STOPPING b:TERM/leader");
	rig_exit(&r, 1, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "b:STOPPED a:STOPPING a:TERM/leader");
	rig_exit(&r, 0, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED done=0");
	cr_assert(mono_is_never(supervisor_deadline(r.sv)));
}

Test(shutdown, stops_a_level_together)
{
	r.defs[1].level = r.defs[2].level = 1;
	up();
	shut(SIGTERM);
	cr_assert_str_eq(
	    rig_said(&r), "c:STOPPING c:TERM/leader b:STOPPING b:TERM/leader");
	rig_exit(&r, 2, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "c:STOPPED");
	rig_exit(&r, 1, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "b:STOPPED a:STOPPING a:TERM/leader");
}

Test(shutdown, waits_for_the_tree_of_a_level)
{
	up();
	shut(SIGTERM);
	rig_exit(&r, 2, SIGTERM, 1);
	cr_assert_str_eq(rig_said(&r), "c:STOPPING c:TERM/leader c:TERM/tree");
	rig_post(&r, rig_event(&r, EVENT_TREE_EMPTY, 2));
	cr_assert_str_eq(rig_said(&r), "c:STOPPED b:STOPPING b:TERM/leader");
}

Test(shutdown, of_nothing_is_done_at_once)
{
	rig_init(&r, 0);
	rig_start(&r);
	shut(SIGTERM);
	cr_assert_str_eq(rig_said(&r), "done=0");
}

Test(shutdown, leaves_what_is_down_as_it_is)
{
	uint32_t i;

	for (i = 0; i < 3; i++)
		r.programs[i].startretries = 0;
	up();
	rig_exit(&r, 0, EXIT_WITH(0), 0);
	rig_command(&r, EVENT_STOP, 1);
	rig_exit(&r, 1, SIGTERM, 0);
	rig_command(&r, EVENT_RESTART, 2);
	rig_exit(&r, 2, SIGTERM, 0);
	rig_exit(&r, 2, EXIT_WITH(0), 0);
	(void)rig_said(&r);
	shut(SIGTERM);
	cr_assert_str_eq(rig_said(&r), "done=0");
	cr_assert_str_eq(rig_state(&r, 0), "EXITED");
	cr_assert_str_eq(rig_state(&r, 1), "STOPPED");
	cr_assert_str_eq(rig_state(&r, 2), "FATAL");
}

Test(shutdown, forgets_what_waits_in_backoff)
{
	rig_start(&r);
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	rig_exit(&r, 1, EXIT_WITH(1), 0);
	rig_exit(&r, 2, EXIT_WITH(1), 0);
	(void)rig_said(&r);
	shut(SIGTERM);
	cr_assert_str_eq(rig_said(&r), "c:STOPPED b:STOPPED a:STOPPED done=0");
}

Test(shutdown, starts_nothing_on_lower_levels)
{
	up();
	rig_command(&r, EVENT_RESTART, 0);
	rig_exit(&r, 0, SIGTERM, 0);
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	(void)rig_said(&r);
	shut(SIGTERM);
	rig_until(&r, 5000);
	cr_assert_str_eq(rig_said(&r), "c:STOPPING c:TERM/leader a:STOPPED");
	rig_exit(&r, 1, EXIT_WITH(1), 0);
	cr_assert_str_eq(rig_said(&r), "b:EXITED");
	rig_command(&r, EVENT_START, 1);
	rig_command(&r, EVENT_RESTART, 0);
	cr_assert_str_eq(rig_said(&r), "");
}

/* TERM may come while thousands are being started. */
Test(shutdown, calls_off_the_forks_which_were_not_handed_out)
{
	struct action a;

	r.sv = supervisor_init(r.block, &r.fleet, 1, (struct mono){ 0 });
	rig_hear(&r, (struct event){ .type = EVENT_BOOT });
	cr_assert(supervisor_next(r.sv, (struct mono){ 0 }, &a));
	rig_hear(&r, (struct event){ .type = EVENT_SHUTDOWN });
	rig_drain(&r);
	cr_assert_str_eq(rig_said(&r),
	    "a:STOPPED b:STARTING b:STOPPED c:STARTING c:STOPPED done=0");
}

Test(shutdown, a_fork_which_was_handed_out_is_waited_for)
{
	r.no_fork = true;
	rig_start(&r);
	shut(SIGTERM);
	cr_assert_str_eq(rig_said(&r), "c:STOPPING");
	rig_post(&r, rig_event(&r, EVENT_FORKED, 2));
	cr_assert_str_eq(rig_said(&r), "c:TERM/leader");
	rig_exit(&r, 2, SIGTERM, 0);
	rig_post(&r, rig_event(&r, EVENT_FORK_FAILED, 1));
	rig_post(&r, rig_event(&r, EVENT_FORK_FAILED, 0));
	cr_assert_str_eq(rig_said(&r),
	    "c:STOPPED b:STOPPING b:STOPPED a:STOPPING a:STOPPED done=0");
}

Test(shutdown, now_kills_every_level_at_once)
{
	up();
	shut(SIGTERM);
	(void)rig_said(&r);
	rig_command(&r, EVENT_SHUTDOWN_NOW, 0);
	cr_assert_str_eq(rig_said(&r),
	    "a:STOPPING a:KILL/tree b:STOPPING b:KILL/tree c:KILL/tree");
	rig_exit(&r, 0, SIGKILL, 0);
	rig_exit(&r, 1, SIGKILL, 0);
	rig_exit(&r, 2, SIGKILL, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED b:STOPPED c:STOPPED done=0");
}

Test(shutdown, now_needs_no_shutdown_before_it)
{
	up();
	rig_command(&r, EVENT_SHUTDOWN_NOW, 0);
	cr_assert_str_eq(rig_said(&r),
	    "a:STOPPING a:KILL/tree b:STOPPING b:KILL/tree c:STOPPING "
	    "c:KILL/tree");
}

Test(shutdown, now_kills_with_the_answer_what_is_being_forked)
{
	r.no_fork = true;
	rig_start(&r);
	rig_command(&r, EVENT_SHUTDOWN_NOW, 0);
	(void)rig_said(&r);
	rig_post(&r, rig_event(&r, EVENT_FORKED, 0));
	cr_assert_str_eq(rig_said(&r), "a:KILL/tree");
}

Test(shutdown, a_second_one_changes_nothing)
{
	up();
	shut(SIGTERM);
	(void)rig_said(&r);
	rig_until(&r, 5000);
	shut(SIGINT);
	cr_assert_str_eq(rig_said(&r), "");
	cr_assert_eq(r.sv->received, SIGTERM);
	cr_assert_eq(supervisor_deadline(r.sv).ms, 11000);
}

Test(shutdown, budget_is_the_longest_grace_of_each_level)
{
	r.defs[1].level = r.defs[2].level = 1;
	r.programs[1].stopwaitsecs_ms = 3000;
	up();
	cr_assert_eq(supervisor_budget(r.sv), 2 * (10000 + 5000) + 1000);
}

Test(shutdown, timeout_is_the_budget_where_it_is_given)
{
	r.fleet.shutdown_timeout_ms = 7000;
	up();
	cr_assert_eq(supervisor_budget(r.sv), 7000);
}

/* I6. */
Test(shutdown, grace_ends_before_the_budget_does)
{
	r.fleet.shutdown_timeout_ms = 7000;
	up();
	shut(SIGTERM);
	rig_until(&r, 6999);
	cr_assert_str_eq(rig_said(&r), "c:STOPPING c:TERM/leader");
	rig_until(&r, 7000);
	cr_assert_str_eq(rig_said(&r),
	    "a:STOPPING a:KILL/tree b:STOPPING b:KILL/tree c:KILL/tree");
	rig_exit(&r, 0, SIGKILL, 0);
	rig_exit(&r, 1, SIGKILL, 0);
	(void)rig_said(&r);
	rig_until(&r, 8000);
	cr_assert_str_eq(rig_said(&r), "c:KILL/tree done=1");
}

Test(shutdown, does_not_wait_for_the_stuck_and_says_so_by_its_code)
{
	up();
	shut(SIGTERM);
	rig_until(&r, 1000 + 10000 + 5000);
	cr_assert_str_eq(rig_said(&r),
	    "c:STOPPING c:TERM/leader c:KILL/tree c:KILL/tree c:KILL/tree "
	    "c:KILL/tree c:KILL/tree c:stuck b:STOPPING b:TERM/leader");
	rig_exit(&r, 1, SIGTERM, 0);
	rig_exit(&r, 0, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r),
	    "b:STOPPED a:STOPPING a:TERM/leader a:STOPPED done=1");
}

Test(shutdown, what_was_stuck_before_it_is_told_by_its_code)
{
	up();
	rig_command(&r, EVENT_STOP, 2);
	rig_until(&r, 20000);
	shut(SIGTERM);
	rig_exit(&r, 1, SIGTERM, 0);
	(void)rig_said(&r);
	rig_exit(&r, 0, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED done=1");
}

Test(shutdown, what_was_stuck_and_has_ended_after_all_is_no_failure)
{
	up();
	shut(SIGTERM);
	rig_until(&r, 16000);
	rig_exit(&r, 2, SIGKILL, 0);
	rig_exit(&r, 1, SIGTERM, 0);
	(void)rig_said(&r);
	rig_exit(&r, 0, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED done=0");
}

/* A supervisor which was itself stopped for a while. */
Test(shutdown, after_a_jump_of_the_clock_kills_and_is_done)
{
	up();
	shut(SIGTERM);
	(void)rig_said(&r);
	r.now = 1000000;
	rig_command(&r, EVENT_TICK, 0);
	cr_assert_str_eq(rig_said(&r),
	    "a:STOPPING a:KILL/tree b:STOPPING b:KILL/tree c:KILL/tree "
	    "done=1");
}

Test(shutdown, a_stop_by_an_operator_may_come_before_its_level)
{
	up();
	shut(SIGTERM);
	(void)rig_said(&r);
	rig_command(&r, EVENT_STOP, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/leader");
	rig_exit(&r, 0, SIGTERM, 0);
	rig_exit(&r, 2, SIGTERM, 0);
	rig_exit(&r, 1, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r),
	    "a:STOPPED c:STOPPED b:STOPPING b:TERM/leader b:STOPPED done=0");
}

Test(shutdown, is_done_once)
{
	up();
	rig_command(&r, EVENT_SHUTDOWN_NOW, 0);
	rig_exit(&r, 0, SIGKILL, 0);
	rig_exit(&r, 1, SIGKILL, 0);
	rig_exit(&r, 2, SIGKILL, 0);
	(void)rig_said(&r);
	rig_command(&r, EVENT_SHUTDOWN, 0);
	rig_command(&r, EVENT_SHUTDOWN_NOW, 0);
	rig_command(&r, EVENT_BOOT, 0);
	rig_command(&r, EVENT_START, 0);
	rig_until(&r, 100000);
	cr_assert_str_eq(rig_said(&r), "");
}
