/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/invariants.h"
#include "core/program.h"
#include "core/service.h"
#include "core/state.h"
#include "core/supervisor.h"

/*
 * Any bytes as the image of a supervisor of two services, a and b: refused, or
 * one which holds its invariants through commands, ticks and a shutdown.
 */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
sane(const struct supervisor *sv)
{
	const char *what;
	uint32_t i;

	if ((what = invariants_violation(sv, &i)) == NULL)
		return;
	(void)fprintf(stderr, "service %u: %s\n", i, what);
	abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum event_type types[] = { EVENT_TICK, EVENT_EXITED,
		EVENT_START, EVENT_STOP, EVENT_FORKED, EVENT_TICK,
		EVENT_SHUTDOWN_NOW };
	static const char *const nothing[] = { NULL };
	static const struct program a = { .name = "a", .stopsignal = 15 };
	static const struct program b = { .name = "b", .autostart = true };
	static const struct service_def defs[] = {
		{ .name = "a", .program = &a, .argv = nothing },
		{ .name = "b", .program = &b, .argv = nothing },
	};
	static const struct service_def *const list[] = { &defs[0], &defs[1] };
	_Alignas(16) static char block[4096];
	const struct mono now = { 1000000000 };
	struct supervisor *sv = state_load(block, list, 2, data, size);
	struct event ev = { .pid = 77 };
	struct action action;
	size_t k;
	int turns;

	if (sv == NULL)
		return (0);
	sane(sv);
	for (k = 0; k < sizeof(types) / sizeof(types[0]); k++)
		for (ev.service = 0; ev.service < 2; ev.service++) {
			ev.type = types[k];
			ev.run = sv->services[ev.service].run.number;
			supervisor_post(sv, &ev, now);
			for (turns = 0; turns < 100; turns++)
				if (!supervisor_next(sv, now, &action))
					break;
			sane(sv);
		}
	return (0);
}
