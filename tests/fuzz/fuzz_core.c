/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/invariants.h"
#include "core/migrate.h"
#include "core/program.h"
#include "core/service.h"
#include "core/state.h"
#include "core/supervisor.h"

/*
 * Any events in any order, true or not, for a supervisor of three services:
 * it stays sane, goes on after being saved and loaded, and shuts down when it
 * is told to.  The first bytes choose the policies, then each pair of bytes
 * is one thing which happens.
 */

#define SERVICES 3
#define BLOCK    8192

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char *const nothing[] = { NULL };
static struct program programs[SERVICES];
static struct service_def defs[SERVICES];
static struct service_def others[SERVICES]; /* The same, born differently. */
_Alignas(16) static char blocks[2][BLOCK];
static struct supervisor *sv;
static struct mono now;

static void
sane(void)
{
	const char *what;
	uint32_t i;

	if ((what = invariants_violation(sv, &i)) == NULL)
		return;
	(void)fprintf(stderr, "service %u: %s\n", i, what);
	abort();
}

static void
define(uint32_t i, uint8_t choice)
{
	static const char *const names[SERVICES] = { "a", "b", "c" };
	static const int signals[] = { STOPSIGNAL_RECEIVED, 15, 9, 2 };

	programs[i] = (struct program){
		.name = names[i],
		.autostart = choice & 1,
		.stopasgroup = choice >> 1 & 1,
		.autorestart = choice >> 2 & 1 ? AUTORESTART_ALWAYS
					       : AUTORESTART_UNEXPECTED,
		.leftovers = (enum program_leftovers)((choice >> 3 & 3) % 3),
		.stopsignal = signals[choice >> 5 & 3],
		.startretries = 2,
		.startsecs_ms = choice >> 7 ? 1000 : 0,
		.stopwaitsecs_ms = 2000,
		.exitcodes = { 1 },
	};
	defs[i] = (struct service_def){
		.name = names[i],
		.id = names[i],
		.program = &programs[i],
		.level = i,
		.argv = nothing,
		.environment = nothing,
	};
	others[i] = defs[i];
	others[i].umask = 1;
}

/* The block which is not in use. */
static char *
other_block(void)
{
	return ((char *)sv == blocks[0] ? blocks[1] : blocks[0]);
}

static void
post(enum event_type type, uint32_t i, uint8_t detail)
{
	struct event ev = {
		.type = type,
		.service = i,
		.pid = (int)(detail % 8) - 1,
		.error = detail % 13,
		.status = detail,
		.left = detail >> 7,
		.signo = detail % 3,
	};

	/* Mostly the present run, sometimes one before or after it. */
	if (i < sv->n)
		ev.run = sv->services[i].run.number;
	if (detail % 16 == 15)
		ev.run += detail & 16 ? 1 : (uint64_t)-1;
	supervisor_post(sv, &ev, now);
}

/* Go on with what comes out of a save and a load. */
static void
reload(void)
{
	static char image[BLOCK];
	const struct service_def *list[2 * SERVICES];
	struct supervisor *loaded;
	uint32_t i;

	for (i = 0; i < sv->n; i++)
		list[i] = sv->defs[i];
	if (state_size(sv) > sizeof(image))
		abort();
	state_save(sv, image);
	loaded = state_load(other_block(), list, sv->n, image, state_size(sv));
	if (loaded == NULL)
		abort();
	sv = loaded;
}

/* Another configuration: ${detail} tells from where to where. */
static void
update(uint8_t detail)
{
	uint32_t scratch[64], from = detail % SERVICES;
	struct fleet fleet = {
		.services = (detail & 128 ? others : defs) + from,
		.n = (detail >> 2) % (SERVICES + 1 - from),
	};
	struct migration m;

	if (sv->phase != SUPERVISOR_UP)
		return;
	migrate_plan(sv, &fleet, scratch, &m);
	if (supervisor_size(fleet.n + m.nleaving) > BLOCK)
		abort();
	sv = migrate(other_block(), sv, &fleet, &m, now);
}

static void
happen(uint8_t what, uint8_t detail)
{
	struct action a;
	uint32_t i = what >> 6;

	switch (what & 31) {
	case 31:
		reload();
		break;
	case 30:
		update(detail);
		break;
	case 29:
		now = mono_after(now, (int64_t)detail * detail);
		post(EVENT_TICK, 0, 0);
		break;
	case 28:
		now = supervisor_deadline(sv).ms == INT64_MAX
			  ? now
			  : supervisor_deadline(sv);
		post(EVENT_TICK, 0, 0);
		break;
	default:
		if ((what & 31) < EVENT_COUNT)
			post((enum event_type)(what & 31), i, detail);
		else
			(void)supervisor_next(sv, now, &a);
		break;
	}
}

/* Whatever it has been through, a shutdown comes to its end. */
static void
finish(void)
{
	struct event ev = { .type = EVENT_SHUTDOWN };
	struct action a;
	int64_t due;
	int turns;

	supervisor_post(sv, &ev, now);
	ev.type = EVENT_TICK;
	for (turns = 0; sv->phase != SUPERVISOR_DONE; turns++) {
		while (supervisor_next(sv, now, &a))
			sane();
		due = supervisor_deadline(sv).ms;
		if (sv->phase == SUPERVISOR_DONE)
			break;
		if (turns == 1000 || due == INT64_MAX)
			abort();
		now.ms = due > now.ms ? due : now.ms;
		supervisor_post(sv, &ev, now);
		sane();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct fleet fleet = { .services = defs, .n = SERVICES };
	uint32_t i;
	size_t k;

	if (size < SERVICES)
		return (0);
	for (i = 0; i < SERVICES; i++)
		define(i, data[i]);
	now = (struct mono){ 0 };
	sv = supervisor_init(blocks[0], &fleet, 1, now);
	for (k = SERVICES; k + 1 < size; k += 2) {
		happen(data[k], data[k + 1]);
		sane();
	}
	finish();
	return (0);
}
