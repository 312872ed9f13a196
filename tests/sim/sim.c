/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/invariants.h"
#include "core/migrate.h"
#include "core/program.h"
#include "core/service.h"
#include "core/state.h"

#include "sim.h"

/* Something is wrong which the history does not see. */
static void
wrong(struct sim *s, uint32_t who, const char *what)
{
	history_wrong(&s->history, who, what);
}

static struct mono
now(const struct sim *s)
{
	return ((struct mono){ s->now });
}

static void print(const struct footprint *);

static struct footprint *
footprint(struct sim *s, char what, uint32_t who)
{
	struct footprint *f = &s->trace[s->traced++ % SIM_TRACE];

	*f = (struct footprint){ .now = s->now, .what = what, .who = who };
	return (f);
}

/* The service at place ${i}, or NAMES. */
static uint32_t
who_at(const struct sim *s, uint32_t i)
{
	if (i >= s->sv->n || s->sv->defs[i]->name[0] == '\0')
		return (NAMES);
	return (s->sv->defs[i]->number);
}

/* Do both supervisors hold the same? */
static void
compare_twin(struct sim *s)
{
	state_save(s->sv, s->image);
	state_save(s->twin, s->image2);
	if (state_size(s->sv) != state_size(s->twin) ||
	    memcmp(s->image, s->image2, state_size(s->sv)) != 0)
		wrong(s, NAMES, "what was loaded goes another way");
}

static void
check(struct sim *s, const struct event *ev)
{
	const char *what;
	uint32_t i;

	if ((what = invariants_violation(s->sv, &i)) != NULL)
		wrong(s, who_at(s, i), what);
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
	struct footprint *f = footprint(s, 'e', who_at(s, ev->service));

	f->ev = *ev;
	if (s->verbose)
		print(f);
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
	uint32_t who = who_at(s, a->service);

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
		wrong(s, NAMES, "what was loaded does something else");
	if (!any)
		return (false);
	f = footprint(s, 'a', who_at(s, a.service));
	f->a = a;
	if (s->verbose)
		print(f);
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
	footprint(s, 'n', who_at(s, ev.service))->ev = ev;
	memcpy(s->before, s->sv, supervisor_size(s->sv->n));
	supervisor_post(s->sv, &ev, now(s));
	if (memcmp(s->before, s->sv, supervisor_size(s->sv->n)) != 0)
		wrong(s, who_at(s, ev.service), "what is stale was believed");
}

/* Save, load, and let both go on together. */
static void
reload(struct sim *s)
{
	const struct service_def *defs[2 * NAMES];
	size_t len = state_size(s->sv);
	uint32_t i, k;

	s->reloads++;
	(void)footprint(s, 's', NAMES);
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
		wrong(s, NAMES, "what was saved does not load");
		return;
	}
	s->twin_left = 1 + rng_below(&s->rng, 200);
	compare_twin(s);
}

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

static void
places(struct sim *s)
{
	uint32_t i;

	for (i = 0; i < NAMES; i++)
		s->place[i] = -1;
	for (i = 0; i < s->sv->n; i++)
		if (who_at(s, i) != NAMES)
			s->place[who_at(s, i)] = (int32_t)i;
}

/* Has the policy of a service changed? */
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
			wrong(s, old->number, "I8: it came back, and leaves");
		return;
	}
	if (same || !was->want_up) {
		if (is->state != was->state || is->want_up != was->want_up ||
		    is->deadline.ms != was->deadline.ms || is->leaving ||
		    is->since.ms != was->since.ms || is->due != was->due ||
		    memcmp(&is->run, &was->run, sizeof(is->run)) != 0)
			wrong(s, old->number, "I8: touched, and not changed");
		return;
	}
	p->may_start_at = 0;
	p->fails = p->fork_fails = p->quick = 0;
	p->behind = true;
	p->excused = true;
	p->going = p->asked_end = is->run.phase != RUN_NONE;
	if (is->state == SERVICE_STARTING || is->state == SERVICE_RUNNING)
		wrong(s, old->number, "I8: changed, and not restarted");
}

/* What is only in the old configuration. */
static void
check_removed(struct sim *s, const struct service_def *old, uint32_t i)
{
	const struct service *is = &s->sv->services[i];
	struct past *p = &s->history.pasts[old->number];

	if (!is->leaving)
		wrong(s, old->number, "I8: removed, and stays");
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
		wrong(s, def->number, "I8: added, and not started");
}

/* ${s}->sv has followed ${old}: was what changed touched, and only that? */
static void
check_update(struct sim *s, const struct supervisor *old)
{
	const struct service *was_at;
	bool was[NAMES] = { false };
	uint32_t i, who;

	places(s);
	for (i = 0; i < old->n; i++) {
		was_at = &old->services[i];
		if (was_at->gone && !(was_at->pending & PENDING_GONE))
			continue;
		who = old->defs[i]->number;
		was[who] = true;
		if (s->place[who] < 0)
			wrong(s, who, "I8: removed at once");
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

/* Apply another configuration. */
static void
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
	(void)footprint(s, 'u', NAMES);
	fleets_change(c, s->config, s->names, &s->rng);
	s->config = c;
	migrate_plan(old, &c->fleet, scratch, &m);
	s->sv = migrate((char *)old == s->block[0] ? s->block[1] : s->block[0],
	    old, &c->fleet, &m, now(s));
	check_update(s, old);
	if ((what = invariants_violation(s->sv, &i)) != NULL)
		wrong(s, who_at(s, i), what);
	history_update(&s->history, s->sv);
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
	places(s);
	history_begin(&s->history, s->sv, &s->world);
	post(s, &boot);
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

static void
print(const struct footprint *f)
{
	printf("%8lld.%03lld ", (long long)(f->now / 1000),
	    (long long)(f->now % 1000));
	switch (f->what) {
	case 'a':
		printf("%2u      %s", f->who, action_name(f->a.type));
		if (f->a.type == ACTION_ANNOUNCE)
			printf(" %s -> %s",
			    service_state_name((enum service_state)f->a.from),
			    service_state_name((enum service_state)f->a.to));
		else if (f->a.type == ACTION_DONE)
			printf(" code %d", f->a.code);
		else
			printf(" run %llu signo %d scope %d",
			    (unsigned long long)f->a.run, f->a.signo,
			    (int)f->a.scope);
		break;
	case 's':
		printf("   saved and loaded");
		break;
	case 'u':
		printf("   update");
		break;
	default:
		printf("%2u %s %s", f->who, f->what == 'n' ? "noise" : "<-",
		    event_name(f->ev.type));
		if (f->ev.type >= EVENT_FORKED &&
		    f->ev.type <= EVENT_TREE_EMPTY)
			printf(" run %llu pid %d error %d status %#x left %u",
			    (unsigned long long)f->ev.run, f->ev.pid,
			    f->ev.error, (unsigned)f->ev.status, f->ev.left);
		break;
	}
	printf("\n");
}

void
sim_dump(const struct sim *s)
{
	uint64_t i = s->traced > SIM_TRACE ? s->traced - SIM_TRACE : 0;

	for (; i < s->traced; i++)
		print(&s->trace[i % SIM_TRACE]);
	printf("wrong: service %u: %s\n", s->history.who, s->history.wrong);
	printf("seed %llu, step %llu, episode %llu, %u names\n",
	    (unsigned long long)s->seed, (unsigned long long)s->steps,
	    (unsigned long long)s->episodes, s->names);
}
