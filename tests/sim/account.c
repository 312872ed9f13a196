/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "core/program.h"

#include "history.h"

/*
 * What was asked for, and what happened, before the core hears of it.
 */

/* Somebody has asked for a start: all failures are forgotten. */
static void
ask(struct past *p)
{
	p->may_start_at = 0;
	p->fails = p->fork_fails = p->quick = 0;
}

/* An operator's command for the service at ${i}. */
static void
command(struct history *h, uint32_t i, enum event_type type)
{
	const struct service *s = &h->sv->services[i];
	struct past *p = history_past(h, i);
	bool up = s->state == SERVICE_STARTING || s->state == SERVICE_RUNNING;

	if (type == EVENT_STOP) {
		p->want = false;
		p->may_start_at = WORLD_NEVER;
		p->behind = false;
		p->excused = true;
		p->asked_end |= s->run.phase != RUN_NONE;
		return;
	}
	if (s->leaving || h->shutdown)
		return;
	p->want = true;
	if (up && type == EVENT_START) {
		p->fails = p->fork_fails = p->quick = 0;
		return;
	}
	ask(p);
	p->excused |= up;
	p->asked_end |= s->run.phase != RUN_NONE;
}

static void
begin_shutdown(struct history *h, bool hurry)
{
	int64_t budget = supervisor_budget(h->sv);
	int64_t reserve = budget / 5 < 1000 ? budget / 5 : 1000;
	uint32_t i;

	if (!h->shutdown) {
		h->shutdown = true;
		h->end_at = h->world->now + budget;
		h->last_at = h->end_at - h->jumped;
		h->kill_at = h->end_at - reserve;
		for (i = 0; i < NAMES; i++)
			h->pasts[i].may_start_at = WORLD_NEVER;
	}
	if (hurry && !h->hurry) {
		h->hurry = true;
		if (h->world->now + 6000 < h->end_at)
			h->end_at = h->world->now + 6000;
		if (h->world->now + 6000 - h->jumped < h->last_at)
			h->last_at = h->world->now + 6000 - h->jumped;
	}
}

static void
boot(struct history *h)
{
	struct past *p;
	uint32_t i;

	h->booted = true;
	for (i = 0; i < h->sv->n; i++) {
		p = history_past(h, i);
		if (!h->sv->defs[i]->program->autostart || h->shutdown ||
		    h->sv->services[i].state != SERVICE_STOPPED)
			continue;
		p->want = true;
		p->may_start_at = 0;
	}
}

/* Something happened to the run of the service at ${i}. */
static void
happened(struct history *h, uint32_t i, const struct event *ev)
{
	const struct service *s = &h->sv->services[i];
	const struct program *program = h->sv->defs[i]->program;
	struct past *p = history_past(h, i);

	if (ev->run != s->run.number || s->run.phase == RUN_NONE)
		return;
	if (ev->type == EVENT_FORKED) {
		p->forked_at = h->world->now;
	} else if (ev->type == EVENT_FORK_FAILED) {
		p->fork_failed = true;
		p->ended_at = h->world->now;
	} else if (ev->type == EVENT_EXECED) {
		p->up_at = h->world->now + program->startsecs_ms;
	} else if (ev->type == EVENT_EXEC_FAILED) {
		p->error = true;
		p->means = ev->error == EAGAIN;
	} else if (ev->type == EVENT_EXITED) {
		p->ended_at = h->world->now;
		p->status = ev->status;
		p->proved = s->proved;
		if (s->run.stop == RUN_STOP_NOT)
			p->excused = true;
	}
}

void
history_post(struct history *h, const struct event *ev)
{
	if (ev->type == EVENT_BOOT)
		boot(h);
	else if (ev->type == EVENT_SHUTDOWN || ev->type == EVENT_SHUTDOWN_NOW)
		begin_shutdown(h, ev->type == EVENT_SHUTDOWN_NOW);
	else if (ev->service >= h->sv->n || ev->type == EVENT_TICK)
		return;
	else if (ev->type <= EVENT_RESTART)
		command(h, ev->service, ev->type);
	else
		happened(h, ev->service, ev);
}
