/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/invariants.h"
#include "core/migrate.h"
#include "core/program.h"
#include "core/run.h"
#include "core/service.h"
#include "core/state.h"
#include "core/supervisor.h"

#include "alike.h"
#include "states.h"

/*
 * Every interleaving of events for one service with one run, under each
 * policy; and, up to a bound, for two services which updates bring and take
 * away.  A state is an image of the core, as state_save() makes it, in which
 * all times are relative and all numbers of runs are 1: so each step also goes
 * through a load and a save.  Whatever the core can be brought to do by what a
 * kernel, an operator and a clock may do in any order, is done here once.
 */

#define NOW       1000000 /* In every state, when its turn comes. */
/* All times are multiples of it, so that few are different. */
#define A_WHILE   1000
#define JUMP      10000 /* A clock which passes its deadlines. */
#define SERVICES  2
#define IMAGE_MAX 4096

/* A state: who its services are, and the image. */
struct state {
	uint8_t n;
	uint8_t who[7]; /* 0, 1, or NOBODY: gone and told. */
	char image[IMAGE_MAX];
};

#define NOBODY 2

static struct {
	struct program programs[SERVICES];
	struct service_def defs[SERVICES + 1];
	struct service_def others[SERVICES]; /* The same, born differently. */
	struct states states;
	size_t bound;
	uint64_t steps;
	bool moves[SERVICE_STATE_COUNT][SERVICE_STATE_COUNT];
	bool phases[RUN_PHASE_COUNT][RUN_PHASE_COUNT];
	bool stops[RUN_STOP_COUNT][RUN_STOP_COUNT];
	bool together[SERVICE_STATE_COUNT][RUN_PHASE_COUNT][RUN_STOP_COUNT];
	const char *doing; /* For the report of a violation. */
} x;

static const char *const phase_names[] = {
#define X(sym, name) name,
	RUN_PHASES(X)
#undef X
};

static const char *const stop_names[] = {
#define X(sym, name) name,
	RUN_STOPS(X)
#undef X
};

_Alignas(16) static char block[2][8192];
static struct supervisor *sv;
static int64_t now;

static void
fail(const char *what)
{
	printf("wrong: %s (doing: %s)\n", what, x.doing);
	exit(1);
}

/* Who the service at place ${i} is. */
static uint8_t
who_at(uint32_t i)
{
	const char *name = sv->defs[i]->name;

	return (name[0] == '\0' ? NOBODY : name[0] == 'a' ? 0 : 1);
}

/* Note what each service is, and what it came from in ${before}. */
static void
note(const struct service *before, const uint8_t *who, uint8_t n)
{
	const struct service *s;
	uint32_t i, k;

	for (i = 0; i < sv->n; i++) {
		s = &sv->services[i];
		if (who_at(i) == NOBODY)
			continue;
		x.together[s->state][s->run.phase][s->run.stop] = true;
		for (k = 0; k < n; k++) {
			if (who[k] != who_at(i))
				continue;
			x.moves[before[k].state][s->state] = true;
			x.phases[before[k].run.phase][s->run.phase] = true;
			x.stops[before[k].run.stop][s->run.stop] = true;
		}
	}
}

/* The step is done: check what came out of it and remember it. */
static void
arrive(const struct service *before, const uint8_t *who, uint8_t n)
{
	struct state s;
	const char *what;
	uint32_t i;

	x.steps++;
	if ((what = invariants_violation(sv, &i)) != NULL)
		fail(what);
	note(before, who, n);
	alike(sv, (struct mono){ now }, (struct mono){ NOW });
	if ((what = invariants_violation(sv, &i)) != NULL)
		fail(what);
	if (offsetof(struct state, image) + state_size(sv) > sizeof(s))
		fail("an image is larger than expected");
	memset(&s, 0, offsetof(struct state, image));
	s.n = (uint8_t)sv->n;
	for (i = 0; i < sv->n; i++)
		s.who[i] = who_at(i);
	state_save(sv, s.image);
	if (x.states.n < x.bound)
		(void)states_add(&x.states, &s,
		    offsetof(struct state, image) + state_size(sv));
}

/* Go back to ${s}, whose image has ${len} bytes. */
static void
load(const struct state *s, size_t len)
{
	const struct service_def *defs[8];
	uint32_t i;

	for (i = 0; i < s->n; i++)
		defs[i] = &x.defs[s->who[i]];
	now = NOW;
	sv = state_load(block[0], defs, s->n, s->image, len);
	if (sv == NULL)
		fail("what was saved does not load");
}

/* From ${s}: post ${ev} after ${ms}, or take an action where it is NULL. */
static void
step(const struct state *s, size_t len, const struct event *ev, int64_t ms)
{
	struct service before[8];
	struct action a;

	load(s, len);
	memcpy(before, sv->services, s->n * sizeof(before[0]));
	now += ms;
	if (ev != NULL) {
		x.doing = event_name(ev->type);
		supervisor_post(sv, ev, (struct mono){ now });
	} else {
		x.doing = "an action";
		if (!supervisor_next(sv, (struct mono){ now }, &a))
			return;
	}
	arrive(before, s->who, s->n);
}

/* From ${s}: another configuration, with ${n} services at ${defs}. */
static void
update(
    const struct state *s, size_t len, const struct service_def *defs, size_t n)
{
	const struct fleet fleet = { .services = defs, .n = n };
	struct service before[8];
	uint32_t scratch[64];
	struct migration m;

	load(s, len);
	if (sv->phase != SUPERVISOR_UP)
		return;
	memcpy(before, sv->services, s->n * sizeof(before[0]));
	x.doing = "update";
	migrate_plan(sv, &fleet, scratch, &m);
	sv = migrate(block[1], sv, &fleet, &m, (struct mono){ now });
	arrive(before, s->who, s->n);
}

/* What may happen to the run of service ${i}, as far as it has come. */
static void
happen(const struct state *s, size_t len, uint32_t i)
{
	static const int statuses[] = { 0, 1 << 8, SIGKILL };
	struct event ev = { .service = i, .run = 1, .pid = 100 };
	enum run_phase phase = sv->services[i].run.phase;
	bool asked = !(sv->services[i].pending & PENDING_FORK);
	size_t k;

	if (phase == RUN_ASKED && asked) {
		ev.type = EVENT_FORKED;
		step(s, len, &ev, 0);
		ev.type = EVENT_FORK_FAILED;
		ev.error = EAGAIN;
		step(s, len, &ev, 0);
	}
	if (phase == RUN_FORKED) {
		ev.type = EVENT_EXECED;
		step(s, len, &ev, 0);
		ev.type = EVENT_EXEC_FAILED;
		ev.error = ENOENT;
		step(s, len, &ev, 0);
		ev.error = EAGAIN;
		step(s, len, &ev, 0);
	}
	if (phase == RUN_FORKED || phase == RUN_UP) {
		ev.type = EVENT_EXITED;
		for (k = 0; k < 6; k++) {
			ev.status = statuses[k % 3];
			ev.left = (unsigned)k / 3;
			step(s, len, &ev, 0);
		}
	}
	if (phase == RUN_LEFT) {
		ev.type = EVENT_TREE_EMPTY;
		step(s, len, &ev, 0);
	}
}

/* All which operators, the clock and the rest of us may do. */
static void
ask(const struct state *s, size_t len)
{
	static const enum event_type asked[] = { EVENT_START, EVENT_STOP,
		EVENT_RESTART };
	struct event ev = { 0 };
	int64_t due;
	size_t k;

	for (k = 0; k < 3; k++)
		for (ev.service = 0; ev.service < s->n; ev.service++) {
			ev.type = asked[k];
			step(s, len, &ev, 0);
		}
	ev.type = EVENT_BOOT;
	step(s, len, &ev, 0);
	ev.type = EVENT_SHUTDOWN_NOW;
	step(s, len, &ev, 0);
	ev.type = EVENT_SHUTDOWN;
	step(s, len, &ev, 0);
	ev.signo = SIGINT;
	if (x.programs[0].stopsignal == STOPSIGNAL_RECEIVED)
		step(s, len, &ev, 0);
	load(s, len);
	due = supervisor_deadline(sv).ms;
	ev.type = EVENT_TICK;
	if (due > NOW + A_WHILE)
		step(s, len, &ev, A_WHILE);
	if (due == MONO_NEVER.ms)
		return;
	step(s, len, &ev, due > NOW ? due - NOW : 0);
	step(s, len, &ev, due > NOW ? due - NOW + JUMP : JUMP);
}

static void
expand(const struct state *s, size_t len, size_t services)
{
	uint32_t i;

	for (i = 0; i < s->n; i++) {
		load(s, len);
		happen(s, len, i);
	}
	step(s, len, NULL, 0);
	ask(s, len);
	update(s, len, x.defs, 0);
	update(s, len, x.defs, 1);
	update(s, len, x.others, 1);
	if (services > 1) {
		update(s, len, x.defs, 2);
		update(s, len, x.defs + 1, 1);
	}
}

/* Search from the very beginning.  Return how many states there are. */
static size_t
search(size_t services)
{
	const struct fleet fleet = { .services = x.defs, .n = services };
	static struct state s;
	const void *bytes;
	size_t i, len, n;

	states_init(&x.states);
	now = NOW;
	sv = supervisor_init(block[0], &fleet, 1, (struct mono){ now });
	x.doing = "beginning";
	arrive(NULL, NULL, 0);
	for (i = 0; i < x.states.n; i++) {
		bytes = states_get(&x.states, i, &len);
		memcpy(&s, bytes, len);
		expand(&s, len - offsetof(struct state, image), services);
	}
	n = x.states.n;
	states_free(&x.states);
	return (n);
}

static void
define(void)
{
	static const char *const names[] = { "a", "b", "" };
	static const char *const nothing[] = { NULL };
	static const struct program nobody = { .name = "" };
	size_t i;

	for (i = 0; i <= SERVICES; i++) {
		if (i < SERVICES)
			x.programs[i] = (struct program){
				.name = names[i],
				.autostart = true,
				.autorestart = AUTORESTART_UNEXPECTED,
				.stopsignal = SIGTERM,
				.startretries = 1,
				.startsecs_ms = 1000,
				.stopwaitsecs_ms = 2000,
				.exitcodes = { 1 },
			};
		x.defs[i] = (struct service_def){
			.name = names[i],
			.id = names[i],
			.program = i < SERVICES ? &x.programs[i] : &nobody,
			.level = (unsigned)i,
			.argv = nothing,
			.environment = nothing,
		};
		if (i < SERVICES) {
			x.others[i] = x.defs[i];
			x.others[i].umask = 1;
		}
	}
}

#define POLICIES (3 * 3 * 3 * 2)

/* One service, under each policy or, with ${stride}, under some. */
static void
search_one(int stride)
{
	static const int signals[] = { SIGTERM, STOPSIGNAL_RECEIVED, SIGKILL };
	struct program *p = &x.programs[0];
	size_t n, all = 0, most = 0;
	int k, policies = 0;

	x.bound = SIZE_MAX;
	for (k = 0; k < POLICIES; k += stride, policies++) {
		p->autorestart = (enum program_autorestart)(k % 3);
		p->leftovers = (enum program_leftovers)(k / 3 % 3);
		p->stopsignal = signals[k / 9 % 3];
		p->startsecs_ms = k / 27 * 2000;
		n = search(1);
		all += n;
		most = n > most ? n : most;
	}
	printf("# one service, %d policies: all %zu states, at most %zu of "
	       "one policy, %llu steps\n",
	    policies, all, most, (unsigned long long)x.steps);
}

static void
search_two(size_t bound)
{
	size_t n;

	x.steps = 0;
	x.bound = bound;
	x.programs[0].autorestart = x.programs[1].autorestart =
	    AUTORESTART_ALWAYS;
	x.programs[0].leftovers = x.programs[1].leftovers = LEFTOVERS_KILL;
	x.programs[0].stopsignal = SIGTERM;
	x.programs[0].startsecs_ms = 1000;
	n = search(2);
	printf("# two services: %s%zu states, %llu steps\n",
	    n < bound ? "all " : "the first ", n, (unsigned long long)x.steps);
}

/* All which was seen, a line each. */
static void
list(void)
{
	int i, k, j;

	for (i = 0; i < SERVICE_STATE_COUNT; i++)
		for (k = 0; k < SERVICE_STATE_COUNT; k++)
			if (x.moves[i][k] && i != k)
				printf("service %s %s\n",
				    service_state_name((enum service_state)i),
				    service_state_name((enum service_state)k));
	for (i = 0; i < RUN_PHASE_COUNT; i++)
		for (k = 0; k < RUN_PHASE_COUNT; k++)
			if (x.phases[i][k] && i != k)
				printf("run %s %s\n", phase_names[i],
				    phase_names[k]);
	for (i = 0; i < RUN_STOP_COUNT; i++)
		for (k = 0; k < RUN_STOP_COUNT; k++)
			if (x.stops[i][k] && i != k)
				printf("stop %s %s\n", stop_names[i],
				    stop_names[k]);
	for (i = 0; i < SERVICE_STATE_COUNT; i++)
		for (k = 0; k < RUN_PHASE_COUNT; k++)
			for (j = 0; j < RUN_STOP_COUNT; j++)
				if (x.together[i][k][j])
					printf("together %s %s %s\n",
					    service_state_name(
						(enum service_state)i),
					    phase_names[k], stop_names[j]);
}

int
main(int argc, char **argv)
{
	bool all = argc == 2 && strcmp(argv[1], "--all") == 0;

	if (argc > 1 && !all) {
		(void)fputs("usage: explore [--all]\n", stderr);
		return (2);
	}
	define();
	search_one(all ? 1 : 5);
	search_two(all ? 1000000 : 20000);
	list();
	return (0);
}
