/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "wire/reply.h"

#include "cli/goal.h"

static bool
is(const struct sight *s, const char *state)
{
	return (strcmp(s->service->state, state) == 0);
}

/* Nothing runs, and nothing is going to by itself. */
static bool
is_down(const struct sight *s)
{
	return (
	    s->gone || is(s, "STOPPED") || is(s, "EXITED") || is(s, "FATAL"));
}

/*
 * Whether a start has come to its end.  How it was before the command counts
 * only where it is up: a FATAL of then is what the start is about to leave.
 */
static enum verdict
judge_start(const struct sight *s)
{
	bool renewed = s->service->run > s->run_before;

	if (s->gone)
		return (VERDICT_FAILED);
	if (is(s, "RUNNING"))
		return (renewed ? VERDICT_MET : VERDICT_OPEN);
	if (s->first)
		return (VERDICT_OPEN);
	if (is(s, "EXITED") && renewed)
		return (s->service->as_wanted ? VERDICT_MET : VERDICT_FAILED);
	if (is(s, "FATAL"))
		return (VERDICT_FAILED);
	/* Somebody else stopped it; on its way to a restart it is wanted up. */
	if (is(s, "STOPPED") && !s->service->want_up)
		return (VERDICT_FAILED);
	return (VERDICT_OPEN);
}

static enum verdict
judge_settled(const struct sight *s)
{
	if (is(s, "BACKOFF") && !s->first && s->service->run > s->run_before)
		return (VERDICT_FAILED);
	return (judge_start(s));
}

/* Nobody was asked to start it, so what it was before counts as well. */
static enum verdict
judge_ready(const struct sight *s)
{
	if (s->gone || is(s, "FATAL"))
		return (VERDICT_FAILED);
	if (is(s, "RUNNING"))
		return (
		    s->service->ready == FACT_NO ? VERDICT_OPEN : VERDICT_MET);
	if (is(s, "EXITED"))
		return (s->service->as_wanted ? VERDICT_MET : VERDICT_FAILED);
	return (VERDICT_OPEN);
}

static enum verdict
judge_ended(const struct sight *s)
{
	bool over = is_down(s) || is(s, "BACKOFF") || is(s, "WAITING");

	return (over || s->service->run > s->run_before ? VERDICT_MET
							: VERDICT_OPEN);
}

enum verdict
goal_judge(enum goal goal, const struct sight *s)
{
	/* What SIGKILL does not end stays as it is, whatever was asked. */
	if (s->service->stuck && !s->gone)
		return (VERDICT_FAILED);
	switch (goal) {
	case GOAL_UP:
	case GOAL_RENEWED:
		return (judge_start(s));
	case GOAL_SETTLED:
		return (judge_settled(s));
	case GOAL_DOWN:
		return (is_down(s) ? VERDICT_MET : VERDICT_OPEN);
	case GOAL_GONE:
		return (s->gone ? VERDICT_MET : VERDICT_OPEN);
	case GOAL_READY:
		return (judge_ready(s));
	case GOAL_ENDED:
		return (judge_ended(s));
	}
	return (VERDICT_OPEN);
}
