/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/invariants.h"
#include "core/migrate.h"
#include "core/program.h"
#include "core/service.h"

#include "sim.h"
#include "trace.h"
#include "update.h"

/* A configuration which nobody uses any more. */
static struct config *
free_config(struct sim *s)
{
	struct config *c;
	uint32_t i;

	for (c = s->configs; c < s->configs + SIM_CONFIGS; c++) {
		for (i = 0; i < s->sv->n; i++)
			if (s->sv->defs[i] >= c->defs &&
			    s->sv->defs[i] < c->defs + NAMES)
				break;
		if (i == s->sv->n && c != s->config)
			return (c);
	}
	return (NULL);
}

/* Are the policies the same, as far as a stop goes? */
static bool
same_policy(const struct program *a, const struct program *b)
{
	return (a->stopasgroup == b->stopasgroup &&
		a->killasgroup == b->killasgroup &&
		a->stopsignal == b->stopsignal && a->leftovers == b->leftovers);
}

/* What is in both configurations: I8. */
static void
check_kept(struct sim *s, const struct service *was,
    const struct service_def *old, uint32_t i)
{
	const struct service *is = &s->sv->services[i];
	struct past *p = &s->history.pasts[old->number];
	bool same = service_def_same_birth(old, s->sv->defs[i]);

	p->changed |= !same_policy(old->program, s->sv->defs[i]->program);
	if (was->leaving) {
		p->want = s->sv->defs[i]->program->autostart;
		p->behind = true;
		p->may_start_at = p->want ? 0 : WORLD_NEVER;
		/* The failures were of the one which went. */
		p->fails = p->fork_fails = p->quick = 0;
		if (is->leaving || is->gone)
			history_wrong(&s->history, old->number,
			    "I8: it came back, and leaves");
		return;
	}
	if (same || !was->want_up) {
		if (is->state != was->state || is->want_up != was->want_up ||
		    is->deadline.ms != was->deadline.ms || is->leaving ||
		    is->since.ms != was->since.ms || is->due != was->due ||
		    memcmp(&is->run, &was->run, sizeof(is->run)) != 0)
			history_wrong(&s->history, old->number,
			    "I8: touched, and not changed");
		return;
	}
	p->may_start_at = 0;
	p->fails = p->fork_fails = p->quick = 0;
	p->behind = true;
	p->excused = true;
	p->going = p->asked_end = is->run.phase != RUN_NONE;
	if (is->state == SERVICE_STARTING || is->state == SERVICE_RUNNING)
		history_wrong(
		    &s->history, old->number, "I8: changed, and not restarted");
}

/* What is only in the old configuration. */
static void
check_removed(struct sim *s, const struct service_def *old, uint32_t i)
{
	const struct service *is = &s->sv->services[i];
	struct past *p = &s->history.pasts[old->number];

	if (!is->leaving)
		history_wrong(
		    &s->history, old->number, "I8: removed, and stays");
	p->want = false;
	p->excused = true;
	p->asked_end = p->going = is->run.phase != RUN_NONE;
	p->may_start_at = WORLD_NEVER;
}

/* What is only in the new configuration. */
static void
check_added(struct sim *s, uint32_t i)
{
	const struct service_def *def = s->sv->defs[i];
	const struct service *is = &s->sv->services[i];

	history_added(&s->history, def->number, def->program->autostart);
	if (def->program->autostart
		? is->state != SERVICE_STARTING && is->state != SERVICE_WAITING
		: is->state != SERVICE_STOPPED)
		history_wrong(
		    &s->history, def->number, "I8: added, and not started");
}

/* ${s}->sv has followed ${old}: was what changed touched, and only that? */
static void
check_update(struct sim *s, const struct supervisor *old)
{
	const struct service *was_at;
	bool was[NAMES] = { false };
	uint32_t i, who;

	sim_places(s);
	for (i = 0; i < old->n; i++) {
		was_at = &old->services[i];
		if (was_at->gone && !(was_at->pending & PENDING_GONE))
			continue;
		who = old->defs[i]->number;
		was[who] = true;
		if (s->place[who] < 0)
			history_wrong(&s->history, who, "I8: removed at once");
		else if ((uint32_t)s->place[who] < s->config->fleet.n)
			check_kept(
			    s, was_at, old->defs[i], (uint32_t)s->place[who]);
		else
			check_removed(s, old->defs[i], (uint32_t)s->place[who]);
	}
	for (i = 0; i < s->config->fleet.n; i++)
		if (!was[s->config->defs[i].number])
			check_added(s, i);
}

void
update(struct sim *s)
{
	uint32_t scratch[3 * 3 * NAMES];
	const struct supervisor *old = s->sv;
	struct config *c = free_config(s);
	struct migration m;
	const char *what;
	uint32_t i;

	if (s->sv->phase != SUPERVISOR_UP || c == NULL)
		return;
	s->updates++;
	s->twin = NULL;
	s->last.type = EVENT_BOOT;
	(void)trace_note(s, 'u', NAMES);
	fleets_change(c, s->config, s->names, &s->rng);
	s->config = c;
	migrate_plan(old, &c->fleet, scratch, &m);
	s->sv = migrate((char *)old == s->block[0] ? s->block[1] : s->block[0],
	    old, &c->fleet, &m, (struct mono){ s->now });
	check_update(s, old);
	if ((what = invariants_violation(s->sv, &i)) != NULL)
		history_wrong(&s->history, sim_who(s, i), what);
	history_update(&s->history, s->sv);
}
