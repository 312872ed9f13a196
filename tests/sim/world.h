/* SPDX-License-Identifier: MIT */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event.h"

#include "fleets.h"
#include "rng.h"

/*
 * A kernel, and the programs in it, as bad as they come: forks fail, execs
 * fail or hang, exits are told late, pids are few and used again; processes
 * ignore signals, fork, leave others behind, or cannot be killed for a while.
 *
 * What is done to it happens at once; what comes of it is asked for with
 * world_event(), in the order which the daemon keeps for one run (the fork's
 * outcome, then exec's, then the exit, then the end of the tree) and in any
 * order between runs.
 */

#define WORLD_PROCESSES 128
#define WORLD_NEVER     INT64_MAX

/* One process. */
struct process {
	bool used;
	bool leader;
	bool zombie;  /* A leader which was not reaped. */
	bool ungroup; /* It has called setsid(). */
	bool left;    /* Nobody is to end it: the core has said so. */
	int pid;
	uint32_t who;
	uint64_t run;
	uint32_t deaf;     /* Ignores these signals: a bit each. */
	int status;        /* How it will have ended. */
	int64_t dies_at;   /* By itself or by a signal. */
	int64_t wakes_at;  /* Until then even SIGKILL waits (D state). */
	int64_t splits_at; /* When it forks. */
};

enum life_phase {
	LIFE_NONE,   /* Over, as the core was told. */
	LIFE_ASKED,  /* ACTION_FORK came and was not answered. */
	LIFE_FORKED, /* FORKED was told, exec's outcome not. */
	LIFE_UP,     /* EXECED was told. */
	LIFE_REAPED  /* EXITED was told, with some left. */
};

/* What the world knows of a service's last run. */
struct life {
	enum life_phase phase;
	uint64_t run;
	int leader; /* Index of its process, or -1. */
	int error;  /* What fork or exec ends with. */
	bool fork_fails;
	bool exec_fails;
	int64_t tell_at; /* When the next outcome may be told. */
	int64_t exec_at;
	uint32_t members; /* Living processes of it, the leader's too. */
};

/* How a service's program behaves. */
struct temper {
	uint32_t fork_fails; /* One in so many, 0: never.  So in all. */
	uint32_t exec_fails;
	uint32_t exec_hangs;
	uint32_t no_means; /* Of the failed execs. */
	uint32_t forks;
	uint32_t deaf;
	uint32_t unkillable;
	uint32_t mortal;
	uint32_t lives_ms; /* About so long, where it is mortal. */
	uint32_t dies_ms;  /* Takes up to this long to obey a signal. */
};

struct world {
	struct rng *rng;
	int64_t now;
	int last_pid;
	uint32_t used;
	uint32_t live; /* Whose last run is not over: a bit each. */
	bool slow;     /* Outcomes are told late. */
	struct life lives[NAMES];
	struct temper tempers[NAMES];
	struct process processes[WORLD_PROCESSES];
};

/**
 * world_init(w, rng):
 * Make ${w} a world without a process, at time 0, with programs at random.
 */
void world_init(struct world *, struct rng *);

/**
 * world_advance(w, now):
 * Let time pass until ${now}.
 */
void world_advance(struct world *, int64_t);

/**
 * world_next(w):
 * Return when something happens next, or WORLD_NEVER.
 */
int64_t world_next(const struct world *);

/**
 * world_fork(w, who, run):
 * ACTION_FORK: the outcome comes as an event, perhaps not at once.
 */
void world_fork(struct world *, uint32_t, uint64_t);

/**
 * world_signal(w, who, run, signo, scope):
 * Send ${signo} to what of the run ${scope} names.
 */
void world_signal(struct world *, uint32_t, uint64_t, int, enum run_scope);

/**
 * world_leave(w, who, run):
 * ACTION_LEFT: nobody is to end what is left of the run.
 */
void world_leave(struct world *, uint32_t, uint64_t);

/**
 * world_event(w, ev, who):
 * Fill ${ev}, but for its service, with something which has happened to
 * service ${who} and was not told yet.  False if there is nothing.
 */
bool world_event(struct world *, struct event *, uint32_t *);

/**
 * world_has(w, who):
 * Has service ${who} any process which somebody should end or reap?
 */
bool world_has(const struct world *, uint32_t);

#endif /* !SIM_WORLD_H */
