/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>

#include "wire/reply.h"

#include "cli/goal.h"

/* How a service looked, before and after. */
struct look {
	const char *state;
	uint64_t run;
	bool want_up;
	bool as_wanted;
	bool stuck;
	bool gone;
};

static enum verdict
judge(enum goal goal, const struct look *look, bool first)
{
	const struct wire_service service = { .name = "web",
		.state = look->state,
		.run = look->run,
		.want_up = look->want_up,
		.as_wanted = look->as_wanted,
		.stuck = look->stuck,
		.ready = FACT_ABSENT };
	const struct sight sight = { &service, 5, first, look->gone };

	return (goal_judge(goal, &sight));
}

#define OPEN   VERDICT_OPEN
#define MET    VERDICT_MET
#define FAILED VERDICT_FAILED

/* Verdicts in the order of enum goal. */
#define NGOALS 7

static void
check(const struct look *look, bool first, const enum verdict wanted[NGOALS])
{
	for (int goal = 0; goal < NGOALS; goal++)
		cr_assert_eq(judge((enum goal)goal, look, first), wanted[goal],
		    "goal %d, %s, run %d, first %d: %d", goal, look->state,
		    (int)look->run, first, judge((enum goal)goal, look, first));
}

Test(goal, changes_mean_what_the_manual_says)
{
	static const struct {
		struct look look;
		enum verdict wanted[NGOALS];
	} cases[] = {
		/* UP, RENEWED, SETTLED, DOWN, GONE, READY, ENDED */
		{ { "STARTING", 6, 1, 0, 0, 0 },
		    { OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, MET } },
		{ { "RUNNING", 6, 1, 1, 0, 0 },
		    { MET, MET, MET, OPEN, OPEN, MET, MET } },
		{ { "RUNNING", 5, 1, 1, 0, 0 },
		    { OPEN, OPEN, OPEN, OPEN, OPEN, MET, OPEN } },
		{ { "BACKOFF", 6, 1, 0, 0, 0 },
		    { OPEN, OPEN, FAILED, OPEN, OPEN, OPEN, MET } },
		{ { "FATAL", 6, 1, 0, 0, 0 },
		    { FAILED, FAILED, FAILED, MET, OPEN, FAILED, MET } },
		{ { "EXITED", 6, 1, 1, 0, 0 },
		    { MET, MET, MET, MET, OPEN, MET, MET } },
		{ { "EXITED", 6, 1, 0, 0, 0 },
		    { FAILED, FAILED, FAILED, MET, OPEN, FAILED, MET } },
		/* On its way to the next run. */
		{ { "EXITED", 5, 1, 1, 0, 0 },
		    { OPEN, OPEN, OPEN, MET, OPEN, MET, MET } },
		{ { "STOPPED", 5, 1, 0, 0, 0 },
		    { OPEN, OPEN, OPEN, MET, OPEN, OPEN, MET } },
		/* By somebody else. */
		{ { "STOPPED", 5, 0, 1, 0, 0 },
		    { FAILED, FAILED, FAILED, MET, OPEN, OPEN, MET } },
		{ { "STOPPING", 5, 0, 0, 0, 0 },
		    { OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN } },
		{ { "STOPPING", 5, 0, 0, 1, 0 },
		    { FAILED, FAILED, FAILED, FAILED, FAILED, FAILED,
			FAILED } },
		{ { "WAITING", 5, 1, 0, 0, 0 },
		    { OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, MET } },
		{ { "STOPPED", 5, 0, 0, 0, 1 },
		    { FAILED, FAILED, FAILED, MET, MET, FAILED, MET } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(&cases[i].look, false, cases[i].wanted);
}

Test(goal, how_it_was_before_ends_no_start)
{
	static const enum verdict wanted[NGOALS] = { OPEN, OPEN, OPEN, MET,
		OPEN, FAILED, MET };
	static const struct look fatal = { "FATAL", 5, 1, 0, 0, 0 };

	check(&fatal, true, wanted);
}

Test(goal, running_but_not_ready_is_not_ready)
{
	const struct wire_service service = {
		.name = "web", .state = "RUNNING", .run = 6, .ready = FACT_NO
	};
	const struct sight sight = { &service, 5, false, false };

	cr_assert_eq(goal_judge(GOAL_READY, &sight), VERDICT_OPEN);
}
