/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stddef.h>

#include "core/program.h"
#include "core/service.h"
#include "core/supervisor.h"

#include "core/invariants.h"

/* Does something pend which cannot be done? */
static const char *
pending_violation(const struct service *s)
{
	bool down = s->state == SERVICE_STOPPED || s->state == SERVICE_EXITED;

	if (s->due && (!down || !(s->pending & PENDING_WAKE)))
		return ("S7: a start which is due is about to be made");
	if ((s->pending & PENDING_FORK) && s->run.phase != RUN_ASKED)
		return ("S8: what is to be forked has been asked for");
	if ((s->pending & (PENDING_SIGNAL | PENDING_KILL)) &&
	    s->run.stop == RUN_STOP_NOT)
		return ("S8: what is to be signalled is being stopped");
	if ((s->pending & PENDING_GONE) && !s->gone)
		return ("S8: what is told to be gone is gone");
	if (s->pending >= PENDING_STOP << 1)
		return ("S8: only what is known is pending");
	return (NULL);
}

/* S1 to S8 of core/service.h. */
static const char *
machine(const struct service *s)
{
	bool alive = s->state == SERVICE_STARTING ||
		     s->state == SERVICE_RUNNING ||
		     s->state == SERVICE_STOPPING;
	bool stopping = s->run.stop != RUN_STOP_NOT;
	const char *what;
	bool timed = s->state == SERVICE_BACKOFF ||
		     (s->state == SERVICE_STARTING && s->run.phase == RUN_UP);

	if (alive != (s->run.phase != RUN_NONE))
		return ("S1: a run stands exactly in the states of a run");
	if (stopping && s->state != SERVICE_STOPPING)
		return ("S2: what is being stopped is STOPPING");
	if (s->state == SERVICE_STOPPING && !stopping &&
	    s->run.phase >= RUN_FORKED)
		return ("S2: what is STOPPING is being stopped");
	if (timed == mono_is_never(s->deadline))
		return ("S3: a deadline exactly where something is awaited");
	if (s->gone &&
	    (s->state != SERVICE_STOPPED || !s->leaving || s->want_up))
		return ("S4: what is gone had been removed and is down");
	if (s->leaving && (s->want_up || (s->state != SERVICE_STOPPED &&
					     s->state != SERVICE_STOPPING)))
		return ("S5: what leaves does not start");
	if ((s->state == SERVICE_STARTING || s->state == SERVICE_RUNNING ||
		s->state == SERVICE_BACKOFF || s->state == SERVICE_WAITING) &&
	    !s->want_up)
		return ("S6: what is up or comes up is wished up");
	if ((what = pending_violation(s)) != NULL)
		return (what);
	return (run_violation(&s->run));
}

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

	if (sv->phase == SUPERVISOR_UP &&
	    (sv->hurry || sv->counted > 0 || !mono_is_never(sv->kill_at) ||
		!mono_is_never(sv->end_at)))
		return ("I6: nothing of a shutdown is there before it");
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
		if ((what = machine(&sv->services[i])) != NULL ||
		    (what = place(sv, i)) != NULL)
			return (what);
	}
	*service = SERVICE_NONE;
	if ((what = sums(sv)) != NULL)
		return (what);
	return (shutdown_order(sv));
}
