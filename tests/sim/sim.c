/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/invariants.h"
#include "core/program.h"
#include "core/service.h"
#include "core/state.h"

#include "sim.h"
#include "trace.h"
#include "update.h"

static struct mono
now(const struct sim *s)
{
	return ((struct mono){ s->now });
}

/* Do both supervisors hold the same? */
static void
compare_twin(struct sim *s)
{
	state_save(s->sv, s->image);
	state_save(s->twin, s->image2);
	if (state_size(s->sv) != state_size(s->twin) ||
	    memcmp(s->image, s->image2, state_size(s->sv)) != 0)
		history_wrong(
		    &s->history, NAMES, "what was loaded goes another way");
}

static void
check(struct sim *s, const struct event *ev)
{
	const char *what;
	uint32_t i;

	if ((what = invariants_violation(s->sv, &i)) != NULL)
		history_wrong(&s->history, sim_who(s, i), what);
	history_step(&s->history, ev);
	if (s->twin != NULL && --s->twin_left == 0) {
		compare_twin(s);
		s->twin = NULL;
	}
	s->steps++;
	s->fresh = true;
}

static void
post(struct sim *s, const struct event *ev)
{
	struct footprint *f = trace_note(s, 'e', sim_who(s, ev->service));

	f->ev = *ev;
	if (s->verbose)
		trace_print(f);
	history_post(&s->history, ev);
	supervisor_post(s->sv, ev, now(s));
	if (s->twin != NULL)
		supervisor_post(s->twin, ev, now(s));
	if (ev->type >= EVENT_FORKED && ev->type <= EVENT_TREE_EMPTY)
		s->last = *ev;
	check(s, ev);
}

/* Are two actions the same? */
static bool
same_action(const struct action *a, const struct action *b)
{
	return (a->type == b->type && a->service == b->service &&
		a->run == b->run && a->signo == b->signo &&
		a->scope == b->scope && a->from == b->from && a->to == b->to &&
		a->code == b->code);
}

/* Do in the world what ${a} says. */
static void
act(struct sim *s, const struct action *a)
{
	uint32_t who = sim_who(s, a->service);

	switch (a->type) {
	case ACTION_FORK:
		world_fork(&s->world, who, a->run);
		break;
	case ACTION_SIGNAL:
		world_signal(&s->world, who, a->run, a->signo, a->scope);
		break;
	case ACTION_KILL:
		world_signal(&s->world, who, a->run, 9, a->scope);
		break;
	case ACTION_DONE:
		s->over = true;
		break;
	case ACTION_ANNOUNCE:
	case ACTION_LEFT:
	case ACTION_STUCK:
	case ACTION_GONE:
	case ACTION_COUNT:
		break;
	}
}

/* Take one action from the supervisor.  False if there is none. */
static bool
take(struct sim *s)
{
	struct action a, b;
	struct footprint *f;
	bool any = supervisor_next(s->sv, now(s), &a);

	if (s->twin != NULL && (supervisor_next(s->twin, now(s), &b) != any ||
				   (any && !same_action(&a, &b))))
		history_wrong(
		    &s->history, NAMES, "what was loaded does something else");
	if (!any)
		return (false);
	f = trace_note(s, 'a', sim_who(s, a.service));
	f->a = a;
	if (s->verbose)
		trace_print(f);
	check(s, NULL);
	history_action(&s->history, &a);
	act(s, &a);
	return (true);
}

/* Something happened in the world: post it. */
static bool
happen(struct sim *s)
{
	struct event ev;
	uint32_t who;

	if (!world_event(&s->world, &ev, &who))
		return (false);
	if (s->place[who] < 0)
		return (true);
	ev.service = (uint32_t)s->place[who];
	post(s, &ev);
	/* Its policy leaves alone what the run left: so must the world. */
	if (ev.type == EVENT_EXITED && ev.left > 0 &&
	    s->sv->services[ev.service].run.phase == RUN_NONE)
		world_leave(&s->world, who, ev.run);
	return (true);
}

static void
command(struct sim *s)
{
	static const enum event_type types[] = { EVENT_START, EVENT_START,
		EVENT_STOP, EVENT_STOP, EVENT_RESTART };
	struct event ev = {
		.type = types[rng_below(&s->rng, 5)],
		.service = rng_below(&s->rng, s->sv->n + 1),
	};

	post(s, &ev);
}

/* What speaks of an old run, or happens twice, changes nothing. */
static void
noise(struct sim *s)
{
	struct event ev = {
		.type = (enum event_type)(EVENT_FORKED + rng_below(&s->rng, 6)),
		.service = rng_below(&s->rng, s->sv->n),
		.pid = 2 + (int)rng_below(&s->rng, 100),
		.error = (int)rng_below(&s->rng, 13),
		.left = rng_below(&s->rng, 2),
	};
	const struct run *r = &s->sv->services[ev.service].run;

	ev.run = r->number - 1 - rng_below(&s->rng, 3);
	if (rng_one_in(&s->rng, 2) && s->last.type != 0) {
		ev = s->last;
		r = &s->sv->services[ev.service].run;
		/* To be told twice that the tree is empty is to be told. */
		if (run_accepts(r, &ev))
			return;
	}
	s->noises++;
	trace_note(s, 'n', sim_who(s, ev.service))->ev = ev;
	memcpy(s->before, s->sv, supervisor_size(s->sv->n));
	supervisor_post(s->sv, &ev, now(s));
	if (memcmp(s->before, s->sv, supervisor_size(s->sv->n)) != 0)
		history_wrong(&s->history, sim_who(s, ev.service),
		    "what is stale was believed");
}

/* Save, load, and let both go on together. */
static void
reload(struct sim *s)
{
	const struct service_def *defs[2 * NAMES];
	size_t len = state_size(s->sv);
	uint32_t i, k;

	s->reloads++;
	(void)trace_note(s, 's', NAMES);
	for (i = 0; i < s->sv->n; i++)
		defs[i] = s->sv->defs[i];
	for (i = s->sv->n; i-- > 1;) {
		k = rng_below(&s->rng, i + 1);
		defs[2 * NAMES - 1] = defs[i];
		defs[i] = defs[k];
		defs[k] = defs[2 * NAMES - 1];
	}
	state_save(s->sv, s->image);
	s->twin = state_load(s->twin_block, defs, s->sv->n, s->image, len);
	if (s->twin == NULL) {
		history_wrong(
		    &s->history, NAMES, "what was saved does not load");
		return;
	}
	s->twin_left = 1 + rng_below(&s->rng, 200);
	compare_twin(s);
}

/* Let time pass to whatever comes next; sometimes too far. */
static void
pass(struct sim *s)
{
	struct event tick = { .type = EVENT_TICK };
	int64_t due = supervisor_deadline(s->sv).ms;
	int64_t next = world_next(&s->world);
	int64_t to = s->now + 1 +
		     rng_below(&s->rng, rng_one_in(&s->rng, 4) ? 3000 : 60000);

	if (s->fresh && due > s->now) {
		s->fresh = false;
		history_quiet(&s->history);
	}
	to = next < to ? next : to;
	to = due < to ? due : to;
	if (rng_one_in(&s->rng, 500)) {
		s->jumps++;
		to = s->now + rng_below(&s->rng, 20000);
	}
	to = to < s->now ? s->now : to;
	if (due < to)
		s->history.jumped += to - (due < s->now ? s->now : due);
	s->now = to;
	world_advance(&s->world, to);
	if (due <= to || rng_one_in(&s->rng, 64))
		post(s, &tick);
}

static void
shut_down(struct sim *s)
{
	static const int signals[] = { 0, 2, 15 };
	struct event ev = {
		.type = rng_one_in(&s->rng, 8) ? EVENT_SHUTDOWN_NOW
					       : EVENT_SHUTDOWN,
		.signo = signals[rng_below(&s->rng, 3)],
	};

	post(s, &ev);
}

/* One turn of the world: an action, an event, or time. */
static void
turn(struct sim *s)
{
	uint32_t dice = rng_below(&s->rng, 1024);

	/* A shutdown is short, and every turn of it is to be saved once. */
	if (dice == 0 || (dice < 8 && s->sv->phase != SUPERVISOR_UP))
		reload(s);
	else if (dice < 20)
		noise(s);
	else if (dice < 22)
		update(s);
	else if (dice < 24 && s->patience == 0)
		shut_down(s);
	else if (dice < 24 + 1000 / s->nervous)
		command(s);
	else if (supervisor_busy(s->sv) && !rng_one_in(&s->rng, 8))
		(void)take(s);
	else if (!happen(s) && !take(s))
		pass(s);
	if (s->patience > 0 && --s->patience == 0)
		shut_down(s);
}

static void
begin_episode(struct sim *s)
{
	struct event boot = { .type = EVENT_BOOT };

	s->episodes++;
	s->now = 0;
	s->over = false;
	s->twin = NULL;
	s->patience =
	    1 + rng_below(&s->rng, rng_one_in(&s->rng, 4) ? 50 : 4000);
	s->nervous = 8 + rng_below(&s->rng, rng_one_in(&s->rng, 2) ? 900 : 60);
	s->config = &s->configs[0];
	s->last.type = EVENT_BOOT;
	fleets_make(s->config, s->names, &s->rng);
	world_init(&s->world, &s->rng);
	s->sv = supervisor_init(
	    s->block[0], &s->config->fleet, 1 + rng_below(&s->rng, 9), now(s));
	sim_places(s);
	history_begin(&s->history, s->sv, &s->world);
	post(s, &boot);
}

uint32_t
sim_who(const struct sim *s, uint32_t i)
{
	if (i >= s->sv->n || s->sv->defs[i]->name[0] == '\0')
		return (NAMES);
	return (s->sv->defs[i]->number);
}

void
sim_places(struct sim *s)
{
	uint32_t i;

	for (i = 0; i < NAMES; i++)
		s->place[i] = -1;
	for (i = 0; i < s->sv->n; i++)
		if (sim_who(s, i) != NAMES)
			s->place[sim_who(s, i)] = (int32_t)i;
}

void
sim_init(struct sim *s, uint64_t seed, uint32_t names, bool verbose)
{
	memset(s, 0, sizeof(*s));
	s->seed = seed;
	s->names = names;
	s->verbose = verbose;
	s->over = true;
	rng_seed(&s->rng, seed);
}

int
sim_run(struct sim *s, uint64_t steps)
{
	while (s->steps < steps && s->history.wrong == NULL) {
		if (s->over)
			begin_episode(s);
		turn(s);
	}
	return (s->history.wrong == NULL ? 0 : -1);
}
