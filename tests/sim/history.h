/* SPDX-License-Identifier: MIT */
#ifndef SIM_HISTORY_H
#define SIM_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"
#include "core/run.h"
#include "core/service.h"
#include "core/supervisor.h"

#include "fleets.h"
#include "world.h"

/*
 * What has happened, and what may therefore happen next: the invariants of
 * core/invariants.h which are about a history.  It keeps its own account of
 * wishes, failures and permissions to start, from the manual and not from the
 * code, and compares.
 *
 * I1. A fork, while any process of the service lives which was not left alone
 *     by its policy, is wrong.
 * I2. A signal goes to processes of a run which is not over, and to a leader
 *     or a group only while the leader is unreaped.
 * I3. A stop is over, or stuck, within its grace and twice five seconds; its
 *     SIGKILL does not come before the grace is over.
 * I4. A shutdown touches a level only when those above are down or stuck; what
 *     was added starts after what was removed has gone.
 * I5. A start which nobody asked for has the permission which supervisord's
 *     rules, and our two, give to it; and comes not before its time.
 * I6. A shutdown ends within its budget; its exit code tells the truth.
 * I8. See sim_update() in sim.c.
 *
 * And no announcement is lost, and a wish is never forgotten.
 */

/* The past of one service, by its name. */
struct past {
	bool want;
	bool booted;
	bool asked_end; /* Somebody has asked for the end of this run. */
	bool excused;   /* ... before the shutdown came to its level. */
	bool changed;   /* Its policy changed during this run. */
	bool behind;    /* It waits for those which go. */
	bool going;     /* Others wait for it. */
	bool stuck;     /* STUCK was told of this run. */
	bool proved;
	bool error; /* EXEC_FAILED was told, ... */
	bool means; /* ... for want of means. */
	bool fork_failed;
	unsigned fails, fork_fails, quick;
	uint64_t run;
	uint64_t left_due; /* A run of which LEFT must still be told. */
	int64_t may_start_at;
	int64_t forked_at, up_at, ended_at;
	int64_t grace; /* The shortest while the run was stopped. */
	int64_t signalled_at, killed_at;
	int64_t must_end; /* By the clock without its jumps. */
	int status;
	int announced;
};

/* A service as it was after the last step. */
struct glimpse {
	enum service_state state;
	enum run_phase phase;
	enum run_stop stop;
	uint64_t run;
};

struct history {
	const struct supervisor *sv;
	const struct world *world;
	int64_t jumped; /* By how much the clock has passed deadlines. */
	bool booted;
	bool shutdown;
	bool hurry;
	bool done;
	int64_t kill_at, end_at;      /* Of the shutdown; ... */
	int64_t last_at;              /* ... by the clock without its jumps. */
	struct past pasts[NAMES + 1]; /* The last is nobody's. */
	struct glimpse seen[NAMES + 1];
	const char *wrong; /* The first thing which was. */
	uint32_t who;      /* Whose it is, or NAMES. */

	/* All which was ever seen; outlives an episode. */
	uint64_t moves[SERVICE_STATE_COUNT][SERVICE_STATE_COUNT];
	uint64_t actions[ACTION_COUNT];
};

/**
 * history_begin(h, sv, w):
 * Begin a new history of ${sv} in the world ${w}.
 */
void history_begin(
    struct history *, const struct supervisor *, const struct world *);

/**
 * history_post(h, ev):
 * ${ev} is about to be posted.
 */
void history_post(struct history *, const struct event *);

/**
 * history_step(h, ev):
 * Something was posted (${ev}) or done (NULL): look at every service.
 */
void history_step(struct history *, const struct event *);

/**
 * history_action(h, a):
 * ${a} was handed out, and the world has not seen it yet.
 */
void history_action(struct history *, const struct action *);

/**
 * history_quiet(h):
 * Nothing is pending and no deadline is due: everything must be said.
 */
void history_quiet(struct history *);

/**
 * history_update(h, sv):
 * ${sv} has taken the place of the last supervisor.
 */
void history_update(struct history *, const struct supervisor *);

/**
 * history_added(h, who, autostart):
 * An update has brought the service ${who}.
 */
void history_added(struct history *, uint32_t, bool);

/**
 * history_who(h, i):
 * history_past(h, i):
 * Return the name of the service at place ${i}, NAMES where it is gone and
 * told; and its past.
 */
uint32_t history_who(const struct history *, uint32_t);
struct past *history_past(struct history *, uint32_t);

/**
 * history_wrong(h, who, what):
 * Note that ${what} is wrong with the service ${who}.
 */
void history_wrong(struct history *, uint32_t, const char *);

#endif /* !SIM_HISTORY_H */
