/* SPDX-License-Identifier: MIT */
#include <stdalign.h>
#include <string.h>

#include "core/program.h"
#include "core/service.h"

#include "core/supervisor.h"

/* Of a shutdown's budget, what is kept for SIGKILL to do its work. */
#define KILL_RESERVE_MS 1000

/* Stands for the definition of what is gone, which its owner may free. */
static const struct program no_program = { .name = "" };
static const struct service_def nobody = {
	.name = "",
	.group = "",
	.id = "",
	.program = &no_program,
};

/* Round up to what any of the arrays needs. */
static size_t
aligned(size_t size)
{
	return (
	    (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1));
}

size_t
supervisor_size(size_t n)
{
	return (aligned(sizeof(struct supervisor)) +
		aligned(n * sizeof(struct service)) +
		aligned(n * sizeof(struct service_def *)) +
		2 * aligned(n * sizeof(uint32_t)));
}

struct supervisor *
supervisor_layout(void *block, size_t n)
{
	char *at = block;
	struct supervisor *sv = block;

	memset(block, 0, supervisor_size(n));
	at += aligned(sizeof(*sv));
	sv->services = (void *)at;
	at += aligned(n * sizeof(struct service));
	sv->defs = (void *)at;
	at += aligned(n * sizeof(struct service_def *));
	sv->order = (void *)at;
	at += aligned(n * sizeof(uint32_t));
	sv->heap.at = (void *)at;
	sv->n = (uint32_t)n;
	sv->head = sv->tail = SERVICE_NONE;
	sv->kill_at = sv->end_at = MONO_NEVER;
	return (sv);
}

struct supervisor *
supervisor_init(
    void *block, const struct fleet *fleet, uint64_t first_run, struct mono now)
{
	struct supervisor *sv = supervisor_layout(block, fleet->n);
	uint32_t i;

	sv->next_run = first_run;
	sv->shutdown_timeout_ms = fleet->shutdown_timeout_ms;
	for (i = 0; i < sv->n; i++) {
		service_init(&sv->services[i], now);
		sv->services[i].heap_at = HEAP_NOWHERE;
		sv->defs[i] = &fleet->services[i];
		/* The fleet goes up the levels; a shutdown comes down. */
		sv->order[i] = sv->n - 1 - i;
	}
	return (sv);
}

/* What a service must know of us. */
static struct service_world
world(struct supervisor *sv, struct mono now)
{
	return ((struct service_world){
	    .now = now,
	    .shutting_down = sv->phase != SUPERVISOR_UP,
	    .hurry = sv->hurry,
	    .removals = sv->removals > 0,
	    .received = sv->received,
	    .next_run = &sv->next_run,
	});
}

void
supervisor_enqueue(struct supervisor *sv, uint32_t i)
{
	struct service *s = &sv->services[i];

	if (s->queued)
		return;
	s->queued = true;
	s->agenda_next = SERVICE_NONE;
	if (sv->tail == SERVICE_NONE)
		sv->head = i;
	else
		sv->services[sv->tail].agenda_next = i;
	sv->tail = i;
}

/* Take the first from the agenda: nothing of it is pending any more. */
static void
dequeue(struct supervisor *sv)
{
	struct service *s = &sv->services[sv->head];

	s->queued = false;
	/* That it is gone has been told: nobody asks for its name again. */
	if (s->gone)
		sv->defs[sv->head] = &nobody;
	sv->head = s->agenda_next;
	if (sv->head == SERVICE_NONE)
		sv->tail = SERVICE_NONE;
}

/* Service ${i} was stepped: draw the consequences for everybody else. */
static void
settle(struct supervisor *sv, uint32_t i)
{
	struct service *s = &sv->services[i];
	bool over = s->run.phase == RUN_NONE || service_is_stuck(s);

	heap_update(&sv->heap, sv->services, i);
	if (s->awaited && over) {
		s->awaited = false;
		if (--sv->removals == 0)
			sv->lifted = true;
	}
	if (s->counted && (service_is_down(s) || service_is_stuck(s))) {
		s->counted = false;
		sv->counted--;
	}
	if (s->pending != 0)
		supervisor_enqueue(sv, i);
}

/* Step service ${i} by ${ev}. */
static void
step(struct supervisor *sv, uint32_t i, const struct event *ev, struct mono now)
{
	struct service_world w = world(sv, now);

	service_step(&sv->services[i], sv->defs[i]->program, ev, &w);
	settle(sv, i);
}

static void
boot(struct supervisor *sv, struct mono now)
{
	struct service_world w = world(sv, now);
	uint32_t i;

	for (i = 0; i < sv->n; i++) {
		service_boot(
		    &sv->services[i], sv->defs[i]->program, REASON_BOOT, &w);
		settle(sv, i);
	}
}

int64_t
supervisor_budget(const struct supervisor *sv)
{
	int64_t sum = 0, longest = 0, ms;
	const struct service_def *def, *above = NULL;
	uint32_t k;

	if (sv->shutdown_timeout_ms > 0)
		return (sv->shutdown_timeout_ms);
	for (k = 0; k < sv->n; k++) {
		if (sv->services[sv->order[k]].gone)
			continue;
		def = sv->defs[sv->order[k]];
		if (above != NULL && def->level != above->level) {
			sum += longest + RUN_STUCK_MS;
			longest = 0;
		}
		above = def;
		ms = def->program->stopwaitsecs_ms;
		longest = ms > longest ? ms : longest;
	}
	return (sum + longest + RUN_STUCK_MS + KILL_RESERVE_MS);
}

/* Count service ${i} among those which the shutdown waits for; stop it. */
static void
stop_counted(struct supervisor *sv, uint32_t i)
{
	struct service *s = &sv->services[i];

	if (!s->counted && !service_is_down(s) && !service_is_stuck(s)) {
		s->counted = true;
		sv->counted++;
	}
	s->pending |= PENDING_STOP;
	supervisor_enqueue(sv, i);
}

/* Open the next level of the shutdown. */
static void
open_level(struct supervisor *sv)
{
	unsigned level = sv->defs[sv->order[sv->cursor]]->level;

	while (sv->cursor < sv->n &&
	       sv->defs[sv->order[sv->cursor]]->level == level)
		stop_counted(sv, sv->order[sv->cursor++]);
}

static void
shutdown_begin(struct supervisor *sv, int signo, struct mono now)
{
	int64_t budget, reserve;

	if (sv->phase != SUPERVISOR_UP)
		return;
	budget = supervisor_budget(sv);
	reserve = budget / 5 < KILL_RESERVE_MS ? budget / 5 : KILL_RESERVE_MS;
	sv->phase = SUPERVISOR_STOPPING;
	sv->received = signo;
	sv->cursor = 0;
	sv->kill_at = mono_after(now, budget - reserve);
	sv->end_at = mono_after(now, budget);
}

/* No more grace for anybody, and no more order. */
static void
shutdown_hurry(struct supervisor *sv, struct mono now)
{
	uint32_t i;

	shutdown_begin(sv, 0, now);
	if (sv->phase == SUPERVISOR_DONE || sv->hurry)
		return;
	sv->hurry = true;
	sv->kill_at = MONO_NEVER;
	sv->end_at =
	    mono_earlier(sv->end_at, mono_after(now, RUN_STUCK_MS + 1000));
	sv->cursor = sv->n;
	for (i = 0; i < sv->n; i++)
		stop_counted(sv, i);
}

/* Step all whose deadline has been reached. */
static void
tick(struct supervisor *sv, struct mono now)
{
	const struct event ev = { .type = EVENT_TICK };

	if (mono_reached(now, sv->kill_at))
		shutdown_hurry(sv, now);
	/* Each step moves its deadline on, so that this ends. */
	while (mono_reached(now, heap_earliest(&sv->heap, sv->services)))
		step(sv, sv->heap.at[0], &ev, now);
}

void
supervisor_post(struct supervisor *sv, const struct event *ev, struct mono now)
{
	switch (ev->type) {
	case EVENT_BOOT:
		if (sv->phase == SUPERVISOR_UP)
			boot(sv, now);
		break;
	case EVENT_TICK:
		tick(sv, now);
		break;
	case EVENT_SHUTDOWN:
		shutdown_begin(sv, ev->signo, now);
		break;
	case EVENT_SHUTDOWN_NOW:
		shutdown_hurry(sv, now);
		break;
	case EVENT_START:
	case EVENT_RESTART:
		if (sv->phase != SUPERVISOR_UP)
			break;
		/* FALLTHROUGH */
	case EVENT_STOP:
	case EVENT_FORKED:
	case EVENT_FORK_FAILED:
	case EVENT_EXECED:
	case EVENT_EXEC_FAILED:
	case EVENT_EXITED:
	case EVENT_TREE_EMPTY:
		if (ev->service < sv->n)
			step(sv, ev->service, ev, now);
		break;
	case EVENT_COUNT:
		break;
	}
}

/* Service ${i} was woken, or is to be stopped. */
static void
step_pending(struct supervisor *sv, uint32_t i, unsigned what, struct mono now)
{
	struct service *s = &sv->services[i];
	struct service_world w = world(sv, now);

	if (what == PENDING_WAKE)
		service_wake(s, sv->defs[i]->program, &w);
	else
		service_stop(s, sv->defs[i]->program, REASON_SHUTDOWN, &w);
	settle(sv, i);
}

/* Put into words what service ${i} has pending as ${what}. */
static void
fill(struct supervisor *sv, uint32_t i, unsigned what, struct action *a)
{
	static const struct {
		unsigned pending;
		enum action_type type;
	} types[] = {
		{ PENDING_ANNOUNCE, ACTION_ANNOUNCE },
		{ PENDING_SIGNAL, ACTION_SIGNAL },
		{ PENDING_KILL, ACTION_KILL },
		{ PENDING_STUCK, ACTION_STUCK },
		{ PENDING_LEFT, ACTION_LEFT },
		{ PENDING_GONE, ACTION_GONE },
		{ PENDING_FORK, ACTION_FORK },
	};
	struct service *s = &sv->services[i];
	size_t k;

	*a = (struct action){
		.service = i,
		/* Another run may have been asked for since. */
		.run = what == PENDING_LEFT ? s->left_run : s->run.number,
		.signo = s->run.signo,
		.scope = s->run.scope,
		.from = (int)s->announced,
		.to = (int)s->state,
	};
	for (k = 0; k < sizeof(types) / sizeof(types[0]); k++)
		if (types[k].pending == what)
			a->type = types[k].type;
	if (what == PENDING_ANNOUNCE)
		s->announced = s->state;
}

/* The lowest bit of ${set}. */
static unsigned
lowest(unsigned set)
{
	return (set & (~set + 1));
}

/* What was removed is gone: wake all who wait for it. */
static void
lift(struct supervisor *sv)
{
	uint32_t i;

	sv->lifted = false;
	for (i = 0; i < sv->n; i++) {
		if (sv->services[i].state != SERVICE_WAITING)
			continue;
		sv->services[i].pending |= PENDING_WAKE;
		supervisor_enqueue(sv, i);
	}
}

/* Is there a run which is not over: stuck, or given up for lack of time? */
static bool
anything_runs(const struct supervisor *sv)
{
	uint32_t i;

	for (i = 0; i < sv->n; i++)
		if (sv->services[i].run.phase != RUN_NONE)
			return (true);
	return (false);
}

/* Nothing is pending: go on with the shutdown.  False if it must wait. */
static bool
shutdown_advance(struct supervisor *sv, struct mono now, struct action *a)
{
	bool late = mono_reached(now, sv->end_at);

	if (sv->counted > 0 && !late)
		return (false);
	if (sv->cursor < sv->n && !late) {
		open_level(sv);
		return (true);
	}
	sv->phase = SUPERVISOR_DONE;
	sv->kill_at = sv->end_at = MONO_NEVER;
	*a = (struct action){
		.type = ACTION_DONE,
		.service = SERVICE_NONE,
		.code = anything_runs(sv),
	};
	return (true);
}

bool
supervisor_next(struct supervisor *sv, struct mono now, struct action *a)
{
	struct service *s;
	unsigned what;
	uint32_t i;

	for (;;) {
		if (sv->lifted)
			lift(sv);
		if (sv->head == SERVICE_NONE) {
			if (sv->phase != SUPERVISOR_STOPPING ||
			    !shutdown_advance(sv, now, a))
				return (false);
			if (sv->phase == SUPERVISOR_DONE)
				return (true);
			continue;
		}
		i = sv->head;
		s = &sv->services[i];
		if (s->pending == 0) {
			dequeue(sv);
			continue;
		}
		what = lowest(s->pending);
		/* What a shutdown finds not forked yet is called off. */
		if (what == PENDING_FORK && sv->phase != SUPERVISOR_UP)
			what = PENDING_STOP;
		s->pending &= ~what;
		if (what >= PENDING_WAKE) {
			step_pending(sv, i, what, now);
			continue;
		}
		fill(sv, i, what, a);
		return (true);
	}
}

bool
supervisor_busy(const struct supervisor *sv)
{
	return (sv->head != SERVICE_NONE || sv->lifted ||
		(sv->phase == SUPERVISOR_STOPPING && sv->counted == 0));
}

struct mono
supervisor_deadline(const struct supervisor *sv)
{
	struct mono t = heap_earliest(&sv->heap, sv->services);

	return (mono_earlier(t, mono_earlier(sv->kill_at, sv->end_at)));
}

uint32_t
supervisor_find(const struct supervisor *sv, const char *id)
{
	uint32_t i;

	for (i = 0; i < sv->n; i++)
		if (!sv->services[i].gone && strcmp(sv->defs[i]->id, id) == 0)
			return (i);
	return (SERVICE_NONE);
}
