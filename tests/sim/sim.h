/* SPDX-License-Identifier: MIT */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/supervisor.h"

#include "fleets.h"
#include "history.h"
#include "rng.h"
#include "world.h"

/*
 * The real core in a made-up world.  An episode is the life of one supervisor
 * from its boot to its exit; a step is one event posted or one action taken.
 * After each step the invariants must hold and the history be right.
 */

#define SIM_CONFIGS 48    /* Old ones are in use until GONE. */
#define SIM_BLOCK   32768 /* Bytes of a supervisor of 2 * NAMES services. */
#define SIM_TRACE   256

/* One step, for people. */
struct footprint {
	int64_t now;
	char what; /* See trace_note(). */
	uint32_t who;
	struct event ev;
	struct action a;
};

struct sim {
	struct rng rng;
	uint64_t seed;
	uint64_t steps;
	uint64_t episodes, updates, reloads, noises, jumps;
	uint32_t names;
	bool verbose;

	int64_t now;
	bool over;
	bool fresh;        /* Something happened since all was quiet. */
	uint32_t patience; /* Steps before the episode is shut down. */
	uint32_t nervous;  /* An operator's command once in so many turns. */
	struct supervisor *sv;
	struct supervisor *twin; /* Was saved and loaded; or NULL. */
	uint32_t twin_left;
	struct config *config;
	struct event last; /* The last event about a run, to tell it twice. */
	int32_t place[NAMES];

	struct world world;
	struct history history;
	struct config configs[SIM_CONFIGS];
	_Alignas(16) char block[2][SIM_BLOCK];
	_Alignas(16) char twin_block[SIM_BLOCK];
	_Alignas(16) char before[SIM_BLOCK];
	char image[SIM_BLOCK], image2[SIM_BLOCK];
	struct footprint trace[SIM_TRACE];
	uint64_t traced;
};

/**
 * sim_init(s, seed, names, verbose):
 * Make ${s} a simulation of up to ${names} services at a time.
 */
void sim_init(struct sim *, uint64_t, uint32_t, bool);

/**
 * sim_run(s, steps):
 * Go on until ${s} has done ${steps} steps in all.  Return 0, or -1 as soon
 * as something is wrong; sim_dump() tells what.
 */
int sim_run(struct sim *, uint64_t);

/**
 * sim_who(s, i):
 * Return the name of the service at place ${i}, or NAMES: there is none, or
 * it is gone and that was told.
 */
uint32_t sim_who(const struct sim *, uint32_t);

/**
 * sim_places(s):
 * Note where each service is, after s->sv has become another.
 */
void sim_places(struct sim *);

/**
 * sim_dump(s):
 * Print what is wrong, and the last steps before it.
 */
void sim_dump(const struct sim *);

#endif /* !SIM_SIM_H */
