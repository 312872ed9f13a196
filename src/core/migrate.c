/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdbool.h>

#include "core/identity.h"
#include "core/program.h"
#include "core/service.h"
#include "core/supervisor.h"

#include "core/migrate.h"

size_t
migrate_scratch(size_t n)
{
	return (3 * n);
}

/* Is ${s} gone, and has ACTION_GONE said so? */
static bool
forgotten(const struct service *s)
{
	return (s->gone && !(s->pending & PENDING_GONE));
}

void
migrate_plan(const struct supervisor *old, const struct fleet *fleet,
    uint32_t *scratch, struct migration *m)
{
	uint32_t *sorted = scratch, *taken = sorted + old->n;
	uint32_t i, known = 0;

	m->from = taken + old->n;
	m->leaving = m->from + fleet->n;
	m->nleaving = 0;
	for (i = 0; i < old->n; i++) {
		taken[i] = 0;
		if (!forgotten(&old->services[i]))
			sorted[known++] = i;
	}
	identity_sort(sorted, known, old->defs);
	for (i = 0; i < fleet->n; i++) {
		m->from[i] = identity_find(
		    sorted, known, old->defs, &fleet->services[i]);
		if (m->from[i] != SERVICE_NONE)
			taken[m->from[i]] = 1;
	}
	for (i = 0; i < old->n; i++)
		if (!taken[i] && !forgotten(&old->services[i]))
			m->leaving[m->nleaving++] = i;
}

/* Carry the state of ${from} over as service ${to} of ${sv}. */
static void
carry(struct supervisor *sv, uint32_t to, const struct service *from)
{
	struct service *s = &sv->services[to];

	*s = *from;
	s->queued = false;
	s->heap_at = HEAP_NOWHERE;
	s->agenda_next = SERVICE_NONE;
	heap_update(&sv->heap, sv->services, to);
	if (s->awaited)
		sv->removals++;
	if (s->pending != 0)
		supervisor_enqueue(sv, to);
}

/* Others must wait until the run of ${s}, if it has one, has ended. */
static void
await(struct supervisor *sv, struct service *s)
{
	if (s->awaited || s->run.phase == RUN_NONE || service_is_stuck(s))
		return;
	s->awaited = true;
	sv->removals++;
}

/* Service ${i} was changed: keep heap and agenda in step. */
static void
settle(struct supervisor *sv, uint32_t i)
{
	heap_update(&sv->heap, sv->services, i);
	if (sv->services[i].pending != 0)
		supervisor_enqueue(sv, i);
}

static struct service_world
world(struct supervisor *sv, struct mono now)
{
	return ((struct service_world){
	    .now = now,
	    .removals = sv->removals > 0,
	    .next_run = &sv->next_run,
	});
}

/* End those which leave: services ${first} to the last. */
static void
leave(struct supervisor *sv, uint32_t first, struct mono now)
{
	struct service_world w = world(sv, now);
	struct service *s;
	uint32_t i;

	for (i = first; i < sv->n; i++) {
		s = &sv->services[i];
		if (!s->leaving)
			service_leave(s, sv->defs[i]->program, &w);
		await(sv, s);
		settle(sv, i);
	}
}

/* End those whose birth has changed; they come again. */
static void
renew(struct supervisor *sv, const struct supervisor *old,
    const struct migration *m, struct mono now)
{
	struct service_world w = world(sv, now);
	struct service *s;
	uint32_t i;

	for (i = 0; i < sv->n - m->nleaving; i++) {
		s = &sv->services[i];
		if (m->from[i] == SERVICE_NONE || s->leaving ||
		    service_def_same_birth(sv->defs[i], old->defs[m->from[i]]))
			continue;
		service_renew(s, sv->defs[i]->program, &w);
		if (s->want_up)
			await(sv, s);
		settle(sv, i);
	}
}

/* Start those which are new, or have come back before they were gone. */
static void
add(struct supervisor *sv, const struct migration *m, struct mono now)
{
	struct service_world w = world(sv, now);
	struct service *s;
	uint32_t i;

	for (i = 0; i < sv->n - m->nleaving; i++) {
		s = &sv->services[i];
		if (m->from[i] != SERVICE_NONE && !s->leaving)
			continue;
		s->leaving = s->gone = false;
		s->pending &= ~(unsigned)PENDING_GONE;
		s->behind = true;
		service_boot(s, sv->defs[i]->program, REASON_ADDED, &w);
		settle(sv, i);
	}
}

struct supervisor *
migrate(void *block, const struct supervisor *old, const struct fleet *fleet,
    const struct migration *m, struct mono now)
{
	uint32_t i, n = (uint32_t)fleet->n;
	struct supervisor *sv = supervisor_layout(block, n + m->nleaving);

	assert(old->phase == SUPERVISOR_UP);
	sv->next_run = old->next_run;
	sv->lifted = old->lifted;
	sv->shutdown_timeout_ms = fleet->shutdown_timeout_ms;
	for (i = 0; i < sv->n; i++)
		sv->services[i].heap_at = HEAP_NOWHERE;
	for (i = 0; i < n; i++) {
		sv->defs[i] = &fleet->services[i];
		if (m->from[i] == SERVICE_NONE) {
			service_init(&sv->services[i], now);
			sv->services[i].heap_at = HEAP_NOWHERE;
		} else {
			carry(sv, i, &old->services[m->from[i]]);
		}
	}
	for (i = 0; i < m->nleaving; i++) {
		sv->defs[n + i] = old->defs[m->leaving[i]];
		carry(sv, n + i, &old->services[m->leaving[i]]);
	}
	/* What leaves is ending already: a shutdown begins with it. */
	for (i = 0; i < sv->n; i++)
		sv->order[i] = sv->n - 1 - i;
	leave(sv, n, now);
	renew(sv, old, m, now);
	add(sv, m, now);
	return (sv);
}
