/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "core_rig.h"

static struct rig r, next;

/* Two services, and a configuration which is the same. */
static void
two(void)
{
	rig_init(&r, 2);
	rig_init(&next, 2);
}

TestSuite(migrate, .init = two);

static void
up(void)
{
	rig_start(&r);
	rig_until(&r, 1000);
	(void)rig_said(&r);
}

/* Let the configuration ${c} have service ${k} alone. */
static void
only(struct rig *c, size_t k)
{
	c->defs[0] = c->defs[k];
	c->fleet.n = 1;
}

Test(migrate, without_a_change_touches_nothing)
{
	const size_t saved = offsetof(struct service, pending);
	struct service before[2];
	uint32_t i;

	up();
	memcpy(before, r.sv->services, sizeof(before));
	rig_update(&r, &next);
	cr_assert_str_eq(rig_said(&r), "");
	for (i = 0; i < 2; i++)
		cr_assert_eq(memcmp(&before[i], rig_service(&r, i), saved), 0);
}

/* I8, in the middle of everything. */
Test(migrate, keeps_runs_wishes_and_deadlines_of_every_state)
{
	static const int64_t when[] = { 0, 500, 1000, 1500, 12000 };
	struct service was;
	size_t k;

	for (k = 0; k < sizeof(when) / sizeof(when[0]); k++) {
		rig_init(&r, 2);
		rig_start(&r);
		rig_exit(&r, 1, EXIT_WITH(1), 0);
		rig_until(&r, when[k]);
		rig_command(&r, EVENT_STOP, 0);
		(void)rig_said(&r);
		was = *rig_service(&r, 0);
		rig_update(&r, &next);
		cr_assert_str_eq(rig_said(&r), "");
		cr_assert_eq(rig_service(&r, 0)->run.pid, was.run.pid);
		cr_assert_eq(rig_service(&r, 0)->run.number, was.run.number);
		cr_assert_eq(
		    rig_service(&r, 0)->run.deadline.ms, was.run.deadline.ms);
		cr_assert_eq(rig_service(&r, 0)->want_up, was.want_up);
		cr_assert_eq(rig_service(&r, 0)->since.ms, was.since.ms);
	}
}

Test(migrate, a_changed_policy_applies_to_the_living)
{
	next.programs[0].stopwaitsecs_ms = 2000;
	next.programs[0].stopsignal = SIGQUIT;
	up();
	rig_update(&r, &next);
	cr_assert_str_eq(rig_said(&r), "");
	rig_command(&r, EVENT_STOP, 0);
	rig_until(&r, 3000);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:QUIT/leader a:KILL/tree");
}

Test(migrate, autostart_is_no_wish)
{
	next.programs[0].autostart = false;
	up();
	rig_update(&r, &next);
	cr_assert_str_eq(rig_said(&r), "");
	cr_assert(rig_service(&r, 0)->want_up);
}

Test(migrate, what_an_operator_stopped_stays_down)
{
	up();
	rig_command(&r, EVENT_STOP, 0);
	rig_exit(&r, 0, SIGTERM, 0);
	(void)rig_said(&r);
	next.defs[0].umask = 022;
	rig_update(&r, &next);
	cr_assert_str_eq(rig_said(&r), "");
}

Test(migrate, a_changed_birth_restarts)
{
	next.defs[0].umask = 022;
	up();
	rig_update(&r, &next);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/leader");
	rig_exit(&r, 0, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED a:STARTING a:fork");
}

Test(migrate, a_changed_birth_starts_what_was_fatal)
{
	r.programs[0].startretries = 0;
	next.defs[0].umask = 022;
	rig_start(&r);
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	(void)rig_said(&r);
	rig_update(&r, &next);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED a:STARTING a:fork");
}

Test(migrate, a_changed_birth_before_its_fork_forks_the_new_one)
{
	uint64_t run;

	next.defs[0].umask = 022;
	r.sv = supervisor_init(r.block, &r.fleet, 1, (struct mono){ 0 });
	rig_hear(&r, (struct event){ .type = EVENT_BOOT });
	run = rig_service(&r, 0)->run.number;
	rig_update(&r, &next);
	cr_assert_str_eq(
	    rig_said(&r), "a:STOPPED a:STARTING a:fork b:STARTING b:fork");
	cr_assert_neq(rig_service(&r, 0)->run.number, run);
}

Test(migrate, each_part_of_the_birth_restarts)
{
	static const char *const argv[] = { "/bin/true", NULL };
	static const char *const environment[] = { "A=b", NULL };
	struct service_def *d = &next.defs[0];
	int k;

	for (k = 0; k < 10; k++) {
		two();
		switch (k) {
		case 0:
			d->argv = argv;
			break;
		case 1:
			d->environment = environment;
			break;
		case 2:
			d->directory = "/";
			break;
		case 3:
			d->user = "root";
			break;
		case 4:
			d->umask = 0;
			break;
		case 5:
			d->redirect_stderr = true;
			break;
		case 6:
			d->out.kind = LOG_TO_NONE;
			break;
		case 7:
			d->out.path = "/x";
			break;
		case 8:
			d->err.backups = 1;
			break;
		case 9:
			d->err.maxbytes = 1;
			break;
		default:
			break;
		}
		up();
		rig_update(&r, &next);
		cr_assert_str_eq(
		    rig_said(&r), "a:STOPPING a:TERM/leader", "part %d", k);
	}
}

Test(migrate, name_group_level_and_policy_are_no_part_of_the_birth)
{
	next.defs[0].group = "g";
	next.defs[0].id = "g:a";
	next.defs[0].level = 7;
	next.defs[0].command = "other";
	next.programs[0].priority = 1;
	next.programs[0].startretries = 9;
	up();
	rig_update(&r, &next);
	cr_assert_str_eq(rig_said(&r), "");
	cr_assert_eq(supervisor_find(r.sv, "g:a"), 0);
}

Test(migrate, what_is_removed_ends_and_is_gone)
{
	only(&next, 1);
	up();
	rig_update(&r, &next);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/leader");
	rig_exit(&r, 1, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED a:gone");
	cr_assert_eq(supervisor_find(r.sv, "a"), SERVICE_NONE);
	rig_update(&r, &next);
	cr_assert_eq(r.sv->n, 1);
}

Test(migrate, what_is_removed_and_down_is_gone_at_once)
{
	only(&next, 1);
	r.programs[0].autostart = false;
	up();
	rig_update(&r, &next);
	cr_assert_str_eq(rig_said(&r), "a:gone");
}

Test(migrate, what_leaves_obeys_no_start)
{
	only(&next, 1);
	up();
	rig_update(&r, &next);
	(void)rig_said(&r);
	rig_command(&r, EVENT_START, 1);
	rig_command(&r, EVENT_RESTART, 1);
	rig_exit(&r, 1, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED a:gone");
}

/* B34: the new one must find the port free. */
Test(migrate, the_added_wait_until_the_removed_have_gone)
{
	rig_init(&r, 1);
	only(&next, 1);
	up();
	rig_update(&r, &next);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/leader b:WAITING");
	rig_exit(&r, 1, SIGTERM, 2);
	cr_assert_str_eq(rig_said(&r), "a:TERM/tree");
	rig_post(&r, rig_event(&r, EVENT_TREE_EMPTY, 1));
	cr_assert_str_eq(rig_said(&r), "a:STOPPED a:gone b:STARTING b:fork");
}

Test(migrate, the_added_do_not_wait_for_the_stuck)
{
	rig_init(&r, 1);
	only(&next, 1);
	up();
	rig_update(&r, &next);
	rig_until(&r, 15999);
	(void)rig_said(&r);
	rig_until(&r, 16000);
	cr_assert_str_eq(rig_said(&r), "a:stuck b:STARTING b:fork");
}

Test(migrate, two_which_are_born_again_swap_their_ports)
{
	next.defs[0].umask = next.defs[1].umask = 022;
	up();
	rig_update(&r, &next);
	(void)rig_said(&r);
	rig_exit(&r, 0, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED a:WAITING");
	rig_exit(&r, 1, SIGTERM, 0);
	cr_assert_str_eq(
	    rig_said(&r), "b:STOPPED b:STARTING b:fork a:STARTING a:fork");
}

Test(migrate, a_waiting_one_can_be_stopped)
{
	rig_init(&r, 1);
	only(&next, 1);
	up();
	rig_update(&r, &next);
	(void)rig_said(&r);
	rig_command(&r, EVENT_STOP, 0);
	rig_exit(&r, 1, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "b:STOPPED a:STOPPED a:gone");
}

Test(migrate, what_comes_back_while_it_leaves_starts_when_it_has_ended)
{
	struct rig back;

	rig_init(&back, 2);
	only(&next, 1);
	up();
	rig_update(&r, &next);
	rig_update(&r, &back);
	cr_assert_str_eq(rig_said(&r), "a:STOPPING a:TERM/leader");
	rig_exit(&r, 0, SIGTERM, 0);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED a:STARTING a:fork");
}

Test(migrate, what_comes_back_has_no_past)
{
	struct rig back;

	rig_init(&back, 2);
	only(&next, 1);
	rig_start(&r);
	rig_exit(&r, 0, EXIT_WITH(1), 0);
	rig_until(&r, 1000);
	cr_assert_eq(rig_service(&r, 0)->restart.retries, 1);
	rig_update(&r, &next);
	rig_update(&r, &back);
	rig_exit(&r, 0, SIGTERM, 0);
	cr_assert_eq(rig_service(&r, 0)->restart.retries, 0);
}

/* Before ACTION_GONE was handed out, nothing may be forgotten. */
Test(migrate, the_news_that_it_is_gone_outlives_an_update)
{
	struct rig last;

	rig_init(&last, 2);
	only(&last, 1);
	only(&next, 1);
	up();
	rig_update(&r, &next);
	(void)rig_said(&r);
	rig_hear(&r, rig_event(&r, EVENT_EXITED, 1));
	rig_update(&r, &last);
	cr_assert_str_eq(rig_said(&r), "a:STOPPED a:gone");
}

Test(migrate, what_comes_back_before_it_was_told_gone_is_not_gone)
{
	struct rig back;

	rig_init(&back, 2);
	only(&next, 1);
	up();
	rig_update(&r, &next);
	(void)rig_said(&r);
	rig_hear(&r, rig_event(&r, EVENT_EXITED, 1));
	rig_update(&r, &back);
	cr_assert_str_eq(rig_said(&r), "a:STARTING a:fork");
	cr_assert_eq(r.sv->n, 2);
}

Test(migrate, the_leaving_are_the_first_of_a_shutdown)
{
	r.defs[1].level = 1;
	only(&next, 1);
	next.defs[0].level = 1;
	up();
	rig_update(&r, &next);
	(void)rig_said(&r);
	rig_command(&r, EVENT_SHUTDOWN, 0);
	cr_assert_str_eq(rig_said(&r), "");
	rig_exit(&r, 1, SIGTERM, 0);
	cr_assert_str_eq(
	    rig_said(&r), "a:STOPPED a:gone b:STOPPING b:TERM/leader");
}

Test(migrate, the_old_supervisor_is_not_touched)
{
	static char copy[sizeof(r.block)];
	struct supervisor *old;

	only(&next, 1);
	up();
	old = r.sv;
	memcpy(copy, r.block, sizeof(copy));
	rig_update(&r, &next);
	cr_assert_eq((void *)old, (void *)r.block);
	cr_assert_eq(memcmp(copy, r.block, sizeof(copy)), 0);
}

Test(migrate, numbers_of_runs_go_on)
{
	uint64_t last;

	up();
	last = r.sv->next_run;
	rig_update(&r, &next);
	cr_assert_eq(r.sv->next_run, last);
}

Test(migrate, to_nothing_and_back)
{
	struct rig none, back;

	rig_init(&none, 0);
	rig_init(&back, 2);
	up();
	rig_update(&r, &none);
	rig_exit(&r, 0, SIGTERM, 0);
	rig_exit(&r, 1, SIGTERM, 0);
	(void)rig_said(&r);
	rig_update(&r, &back);
	cr_assert_str_eq(rig_said(&r), "a:STARTING a:fork b:STARTING b:fork");
}
