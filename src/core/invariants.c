/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stddef.h>

#include "core/program.h"
#include "core/service.h"
#include "core/supervisor.h"

#include "core/invariants.h"

/* What service ${i} owes to the rest. */
static const char *
place(const struct supervisor *sv, uint32_t i)
{
	const struct service *s = &sv->services[i];
	bool timed = !mono_is_never(service_deadline(s));

	if (timed != (s->heap_at != HEAP_NOWHERE))
		return ("I3: a deadline is in the heap");
	if (timed && (s->heap_at >= sv->heap.n || sv->heap.at[s->heap_at] != i))
		return ("I3: a service knows its place in the heap");
	if (timed && s->heap_at > 0 &&
	    service_deadline(&sv->services[sv->heap.at[(s->heap_at - 1) / 2]])
		    .ms > service_deadline(s).ms)
		return ("I3: the earliest deadline is the first");
	if (s->pending != 0 && !s->queued)
		return ("what is pending is on the agenda");
	if (s->run.number >= sv->next_run)
		return ("I1: numbers of runs do not repeat");
	if (s->state == SERVICE_WAITING && sv->removals == 0 && !sv->lifted &&
	    !(s->pending & PENDING_WAKE) && sv->phase == SUPERVISOR_UP)
		return ("I4: what waits waits for something");
	if (s->state == SERVICE_STOPPED && s->want_up && !s->due &&
	    sv->phase == SUPERVISOR_UP)
		return ("I8: a wish is not forgotten");
	if (s->awaited && (s->run.phase == RUN_NONE || service_is_stuck(s)))
		return ("I4: what is awaited has a run");
	if (s->counted && (service_is_down(s) || service_is_stuck(s)))
		return ("I6: a shutdown waits for what is up");
	return (NULL);
}

/* The sums which the supervisor keeps. */
static const char *
sums(const struct supervisor *sv)
{
	uint32_t i, counted = 0, awaited = 0, timed = 0, queued = 0, listed = 0;

	for (i = 0; i < sv->n; i++) {
		counted += sv->services[i].counted;
		awaited += sv->services[i].awaited;
		queued += sv->services[i].queued;
		timed += sv->services[i].heap_at != HEAP_NOWHERE;
	}
	for (i = sv->head; i != SERVICE_NONE && listed <= sv->n;
	     i = sv->services[i].agenda_next)
		listed++;
	if (counted != sv->counted)
		return ("I6: the shutdown has counted whom it waits for");
	if (awaited != sv->removals)
		return ("I4: the removals are counted");
	if (timed != sv->heap.n)
		return ("I3: the heap holds all deadlines");
	if (queued != listed)
		return ("the agenda holds all which have something pending");
	return (NULL);
}

/* The levels below the open ones have not been touched by the shutdown. */
static const char *
shutdown_order(const struct supervisor *sv)
{
	uint32_t k;

	if (sv->phase != SUPERVISOR_STOPPING)
		return (NULL);
	if (mono_is_never(sv->end_at))
		return ("I6: a shutdown has an end");
	for (k = sv->cursor; k < sv->n; k++)
		if (sv->services[sv->order[k]].counted)
			return ("I4: a shutdown comes down level by level");
	return (NULL);
}

const char *
invariants_violation(const struct supervisor *sv, uint32_t *service)
{
	const char *what;
	uint32_t i;

	for (i = 0; i < sv->n; i++) {
		*service = i;
		if ((what = service_violation(&sv->services[i])) != NULL ||
		    (what = place(sv, i)) != NULL)
			return (what);
	}
	*service = SERVICE_NONE;
	if ((what = sums(sv)) != NULL)
		return (what);
	return (shutdown_order(sv));
}
