/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/invariants.h"
#include "core/program.h"
#include "core/service.h"
#include "core/supervisor.h"

#define MANY 10000

static const char *const nothing[] = { NULL };
static const struct program program = {
	.name = "p",
	.autostart = true,
	.autorestart = AUTORESTART_ALWAYS,
	.stopsignal = 15,
	.startsecs_ms = 1000,
	.stopwaitsecs_ms = 10000,
};
static struct service_def defs[MANY];
static char names[MANY][8];
static struct supervisor *sv;
static unsigned long seen[ACTION_COUNT];

/* Ten levels of a thousand. */
static void
many(void)
{
	struct fleet fleet = { .services = defs, .n = MANY };
	void *block = malloc(supervisor_size(MANY));
	uint32_t i;

	cr_assert_not_null(block);
	for (i = 0; i < MANY; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "p%u", i);
		defs[i] = (struct service_def){
			.name = names[i],
			.id = names[i],
			.program = &program,
			.level = i / 1000,
			.argv = nothing,
			.environment = nothing,
		};
	}
	sv = supervisor_init(block, &fleet, 1, (struct mono){ 0 });
}

static void
done(void)
{
	free(sv);
}

TestSuite(agenda, .init = many, .fini = done);

/* Post ${type} to service ${i} at ${ms}. */
static void
post(enum event_type type, uint32_t i, int64_t ms)
{
	struct event ev = { .type = type,
		.service = i,
		.pid = 2,
		.run = sv->services[i].run.number };

	supervisor_post(sv, &ev, (struct mono){ ms });
}

/* Do all which is pending; forks are answered by ${answer}. */
static void
drain(int64_t ms, enum event_type answer)
{
	struct action a;

	while (supervisor_next(sv, (struct mono){ ms }, &a)) {
		seen[a.type]++;
		if (a.type != ACTION_FORK)
			continue;
		post(answer, a.service, ms);
		if (answer == EVENT_FORKED)
			post(EVENT_EXECED, a.service, ms);
	}
}

static void
sane(void)
{
	uint32_t who;

	cr_assert_null(invariants_violation(sv, &who));
	cr_assert_not(supervisor_busy(sv));
}

Test(agenda, ten_thousand_boot_run_and_shut_down, .timeout = 20)
{
	uint32_t level, i;

	post(EVENT_BOOT, 0, 0);
	drain(0, EVENT_FORKED);
	sane();
	cr_assert_eq(seen[ACTION_FORK], MANY);
	post(EVENT_TICK, 0, 1000);
	drain(1000, EVENT_FORKED);
	sane();
	cr_assert_eq(seen[ACTION_ANNOUNCE], 2 * MANY);
	post(EVENT_SHUTDOWN, 0, 2000);
	for (level = 0; level < 10; level++) {
		drain(2000, EVENT_FORKED);
		sane();
		cr_assert_eq(seen[ACTION_SIGNAL], (level + 1) * 1000);
		for (i = MANY - (level + 1) * 1000; i < MANY - level * 1000;
		     i++)
			post(EVENT_EXITED, i, 2000);
	}
	drain(2000, EVENT_FORKED);
	cr_assert_eq(seen[ACTION_DONE], 1);
	cr_assert_eq(seen[ACTION_ANNOUNCE], 4 * MANY);
}

Test(agenda, all_which_end_at_once_come_back_at_once, .timeout = 20)
{
	uint32_t i;

	post(EVENT_BOOT, 0, 0);
	drain(0, EVENT_FORKED);
	post(EVENT_TICK, 0, 5000);
	drain(5000, EVENT_FORKED);
	for (i = 0; i < MANY; i++)
		post(EVENT_EXITED, i, 5000);
	drain(5000, EVENT_FORKED);
	sane();
	cr_assert_eq(seen[ACTION_FORK], 2 * MANY);
}

Test(agenda, the_caller_may_look_up_after_any_action, .timeout = 20)
{
	struct action a;
	uint32_t i;

	post(EVENT_BOOT, 0, 0);
	cr_assert(supervisor_busy(sv));
	for (i = 0; i < 1000; i++)
		cr_assert(supervisor_next(sv, (struct mono){ 0 }, &a));
	post(EVENT_SHUTDOWN_NOW, 0, 0);
	drain(0, EVENT_FORK_FAILED);
	cr_assert_eq(seen[ACTION_FORK], 0);
	cr_assert_eq(sv->phase, SUPERVISOR_STOPPING);
	cr_assert_eq(sv->counted, 500);
}

Test(agenda, without_a_process_to_be_had_each_tries_again, .timeout = 20)
{
	post(EVENT_BOOT, 0, 0);
	drain(0, EVENT_FORK_FAILED);
	sane();
	cr_assert_eq(supervisor_deadline(sv).ms, 1000);
	post(EVENT_TICK, 0, 1000);
	drain(1000, EVENT_FORK_FAILED);
	cr_assert_eq(seen[ACTION_FORK], 2 * MANY);
	cr_assert_eq(supervisor_deadline(sv).ms, 3000);
}

Test(agenda, a_name_is_found)
{
	cr_assert_eq(supervisor_find(sv, "p9999"), 9999);
	cr_assert_eq(supervisor_find(sv, "p10000"), SERVICE_NONE);
}
