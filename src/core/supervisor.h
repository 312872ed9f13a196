/* SPDX-License-Identifier: MIT */
#ifndef CORE_SUPERVISOR_H
#define CORE_SUPERVISOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mono.h"

#include "core/event.h"
#include "core/heap.h"

/* Opaque types. */
struct fleet;
struct service;
struct service_def;

/*
 * All services, and what they do to each other.  Time and events go in,
 * actions come out; there is nothing else:
 *
 *	supervisor_post(sv, &event, now);
 *	while (supervisor_next(sv, now, &action))
 *		do it, and post what came of it;
 *	wait for the next event, or until supervisor_deadline(sv);
 *
 * Consequences wait on the agenda, a list of services threaded through them,
 * so that nothing is allocated and ten thousand at once are no special case.
 * The caller may stop after any action to look for events; supervisor_busy()
 * tells that there is more to do.
 *
 * A supervisor lies in one block of supervisor_size() bytes which the caller
 * owns and may free as one.  It borrows the definitions, which must outlive
 * it or, for those which an update took away, ACTION_GONE.
 *
 * The invariants I1 to I8 stand in core/invariants.h.
 */

enum supervisor_phase {
	SUPERVISOR_UP,       /* Supervises. */
	SUPERVISOR_STOPPING, /* Stops level by level. */
	SUPERVISOR_DONE      /* Has told to exit. */
};

#define SERVICE_NONE UINT32_MAX

struct supervisor {
	enum supervisor_phase phase;
	bool hurry;   /* All remaining grace is skipped. */
	int received; /* The signal which began the shutdown, or 0. */
	uint64_t next_run;
	int64_t shutdown_timeout_ms;
	struct mono kill_at; /* Shutdown: the end of all grace, ... */
	struct mono end_at;  /* ... and of all patience. */
	uint32_t removals;   /* Removed or renewed, and not gone yet. */
	bool lifted;         /* They are gone: wake who waits for it. */
	uint32_t cursor;     /* Shutdown: next in ${order}. */
	uint32_t counted;    /* Shutdown: still up in the open levels. */
	uint32_t head, tail; /* The agenda. */
	struct heap heap;

	uint32_t n;
	uint32_t *order; /* Indices, in the order of a shutdown. */
	struct service *services;
	const struct service_def **defs;
};

/**
 * supervisor_size(n):
 * Return how many bytes a supervisor of ${n} services takes.
 */
size_t supervisor_size(size_t);

/**
 * supervisor_init(block, fleet, first_run, now):
 * Make ${block}, of supervisor_size(${fleet}->n) bytes, a supervisor of
 * ${fleet} whose services were never started and whose runs are numbered from
 * ${first_run}.  Return it.
 */
struct supervisor *supervisor_init(
    void *, const struct fleet *, uint64_t, struct mono);

/**
 * supervisor_post(sv, ev, now):
 * Take note of ${ev}, which happened at ${now}.  Never fails; what makes no
 * sense is ignored.  ${now} must not go back.
 */
void supervisor_post(struct supervisor *, const struct event *, struct mono);

/**
 * supervisor_next(sv, now, action):
 * Fill ${action} with what must be done next and return true, or return false
 * when there is nothing until the next event.
 */
bool supervisor_next(struct supervisor *, struct mono, struct action *);

/**
 * supervisor_busy(sv):
 * Would supervisor_next() have anything to do?
 */
bool supervisor_busy(const struct supervisor *);

/**
 * supervisor_deadline(sv):
 * Return when EVENT_TICK is due, or MONO_NEVER.
 */
struct mono supervisor_deadline(const struct supervisor *);

/**
 * supervisor_find(sv, id):
 * Return the index of the service ${id} which is not gone, or SERVICE_NONE.
 * Looks at each: not for the paths which every event takes.
 */
uint32_t supervisor_find(const struct supervisor *, const char *);

/**
 * supervisor_budget(sv):
 * Return how many milliseconds a shutdown may take: what the configuration
 * says, or else the sum over the levels of the longest grace in each.
 */
int64_t supervisor_budget(const struct supervisor *);

/**
 * supervisor_enqueue(sv, i):
 * supervisor_layout(block, n):
 * For core/migrate.c and core/state.c only: put service ${i}, which has
 * something pending, on the agenda; lay a block out for ${n} services.
 */
void supervisor_enqueue(struct supervisor *, uint32_t);
struct supervisor *supervisor_layout(void *, size_t);

#endif /* !CORE_SUPERVISOR_H */
