/* SPDX-License-Identifier: MIT */
#ifndef CORE_SERVICE_H
#define CORE_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mono.h"

#include "core/event.h"
#include "core/restart.h"
#include "core/run.h"

/* Opaque types. */
struct program;

/*
 * One supervised instance of a program: a wish, and a state which follows it.
 *
 *	STOPPED   down, as somebody wished (or not yet wished up)
 *	WAITING   wants to run, but something must happen first
 *	STARTING  runs, not yet proved up
 *	RUNNING   proved up: startsecs have passed
 *	BACKOFF   ended, is started again at the deadline
 *	STOPPING  is being ended, and what it left behind with it
 *	EXITED    ended by itself, and is not started again
 *	FATAL     did not come up; not tried again until somebody asks
 *
 * The wish changes by adding, by removing or by an operator, never by what
 * happens.  A step makes at most one transition: where two follow each other
 * (EXITED, then STARTING) the second is ${due} and made when the first has
 * been announced, so that nothing which happened goes unsaid.
 *
 * Invariants (core/invariants.c tells the first which is broken):
 * S1. A run which is not over stands exactly in STARTING, RUNNING, STOPPING.
 * S2. A run is being stopped exactly in STOPPING.
 * S3. BACKOFF has a deadline; so has STARTING once the program runs; no other
 *     state has one.
 * S4. What is gone is STOPPED, was leaving, and is not wished up.
 * S5. A leaving service is STOPPING or STOPPED, and not wished up.
 * S6. What is STARTING, RUNNING, BACKOFF or WAITING is wished up.
 * S7. A start is due only in STOPPED and EXITED, and pending.
 * S8. What is pending can be done: a fork of what was asked for, a signal to
 *     what is being stopped, the news that what is gone is gone.
 */

/* X(symbol): the word in the manual, in the code and in status. */
#define SERVICE_STATES(X)                                                      \
	X(STOPPED)                                                             \
	X(WAITING)                                                             \
	X(STARTING)                                                            \
	X(RUNNING)                                                             \
	X(BACKOFF)                                                             \
	X(STOPPING)                                                            \
	X(EXITED)                                                              \
	X(FATAL)

enum service_state {
#define X(sym) SERVICE_##sym,
	SERVICE_STATES(X)
#undef X
	    SERVICE_STATE_COUNT
};

/* Why a service is in its state.  X(symbol, "name in traces") */
#define SERVICE_REASONS(X)                                                     \
	X(NONE, "none")             /* Not started yet. */                     \
	X(BOOT, "boot")             /* autostart */                            \
	X(ASKED, "asked")           /* An operator. */                         \
	X(ADDED, "added")           /* An update brought it. */                \
	X(CHANGED, "changed")       /* An update changed its birth. */         \
	X(REMOVED, "removed")       /* An update took it away. */              \
	X(SHUTDOWN, "shutdown")     /* We are going down. */                   \
	X(REMOVAL, "removal")       /* Waits until what was removed went. */   \
	X(UP, "up")                 /* startsecs have passed. */               \
	X(EXPECTED, "expected")     /* Ended, as it should. */                 \
	X(UNEXPECTED, "unexpected") /* Ended, as it should not. */             \
	X(TOO_SOON, "too-soon")     /* Ended before startsecs. */              \
	X(NOT_EXECUTED,                                                        \
	    "not-executed")       /* exec, or what precedes it, failed. */     \
	X(NO_MEANS, "no-means")   /* No pid, descriptor or memory. */          \
	X(THROTTLED, "throttled") /* Ends within a second, again. */           \
	X(RETRY, "retry")         /* The wait of BACKOFF is over. */           \
	X(RESTART, "restart")     /* autorestart */                            \
	X(SWEEP, "sweep")         /* Ended; what it left is being ended. */

enum service_reason {
#define X(sym, name) REASON_##sym,
	SERVICE_REASONS(X)
#undef X
	    REASON_COUNT
};

/* What a service wants from the outside, in the order in which it is done. */
enum service_pending {
	PENDING_ANNOUNCE = 1,
	PENDING_SIGNAL = 2,
	PENDING_KILL = 4,
	PENDING_STUCK = 8,
	PENDING_LEFT = 16,
	PENDING_GONE = 32,
	PENDING_FORK = 64,
	/* And from the supervisor: to be stepped again. */
	PENDING_WAKE = 128,
	PENDING_STOP = 256
};

struct service {
	/* The wish. */
	bool want_up;
	bool leaving; /* Not in the configuration any more. */
	bool gone;    /* ... and nothing is left of it. */

	/* The state; written by enter() alone. */
	enum service_state state;
	enum service_reason reason;
	struct mono since;
	struct mono deadline;

	bool due;        /* Start when the state has been announced. */
	bool behind;     /* ... but not before what was removed is gone. */
	bool asked_stop; /* STOPPING because somebody wants it to end. */
	bool proved;     /* This run was RUNNING. */

	struct run run;
	struct restart restart;
	uint64_t starts;   /* Runs so far. */
	uint64_t restarts; /* Those of them which nobody asked for. */
	uint64_t left_run; /* Whose leftovers PENDING_LEFT is about. */
	int error;         /* The last run was not executed: errno, ... */
	int stage;         /* ... and where. */

	/* Bookkeeping of the supervisor; not part of what is saved. */
	unsigned pending;
	bool queued;
	bool counted; /* The shutdown waits for it. */
	bool awaited; /* Others wait for its run to end: an update. */
	enum service_state announced;
	uint32_t agenda_next;
	uint32_t heap_at;
};

/* What a step must know of the supervisor. */
struct service_world {
	struct mono now;
	bool shutting_down;
	bool hurry;         /* No grace any more. */
	bool removals;      /* Something removed is not gone yet. */
	int received;       /* The signal which began the shutdown, or 0. */
	uint64_t *next_run; /* Numbers for new runs. */
};

/**
 * service_init(s, now):
 * Make ${s} a service which was never started, at ${now}.
 */
void service_init(struct service *, struct mono);

/**
 * service_step(s, p, ev, w):
 * Advance ${s}, defined by ${p}, by ${ev}: START to TREE_EMPTY, or TICK when
 * its deadline was reached.  What the outside must do is added to
 * ${s}->pending.  An event which makes no sense in the present state, or
 * speaks of another run, is ignored.
 */
void service_step(struct service *, const struct program *,
    const struct event *, const struct service_world *);

/**
 * service_boot(s, p, reason, w):
 * Wish ${s} up if its program has autostart, and start it for ${reason}, as
 * if it had no past.  No effect on what is up, or ended by itself.
 */
void service_boot(struct service *, const struct program *, enum service_reason,
    const struct service_world *);

/**
 * service_wake(s, p, w):
 * The state of ${s} has been announced, or what it waits for has happened:
 * make the start which is due.
 */
void service_wake(
    struct service *, const struct program *, const struct service_world *);

/**
 * service_stop(s, p, reason, w):
 * End ${s} for ${reason} without a change of its wish.
 */
void service_stop(struct service *, const struct program *, enum service_reason,
    const struct service_world *);

/**
 * service_leave(s, p, w):
 * ${s} is no longer wanted by the configuration: end and forget it.
 */
void service_leave(
    struct service *, const struct program *, const struct service_world *);

/**
 * service_renew(s, p, w):
 * The birth of ${s} has changed: where it is wished up, begin a new run once
 * what was removed is gone.
 */
void service_renew(
    struct service *, const struct program *, const struct service_world *);

/**
 * service_deadline(s):
 * Return when ${s} wants a TICK.
 */
struct mono service_deadline(const struct service *);

/**
 * service_is_down(s):
 * Has ${s} no process, and will it get none by itself?
 */
bool service_is_down(const struct service *);

/**
 * service_is_stuck(s):
 * Does a process of ${s} survive SIGKILL?
 */
bool service_is_stuck(const struct service *);

/**
 * service_as_wanted(s, p):
 * Is ${s} what it should be: RUNNING or ended as expected where it is wished
 * up, and down, or on its way down and not stuck, where it is not?
 */
bool service_as_wanted(const struct service *, const struct program *);

/**
 * service_state_name(state):
 * service_reason_name(reason):
 * Return the word, or "?".
 */
const char *service_state_name(enum service_state);
const char *service_reason_name(enum service_reason);

#endif /* !CORE_SERVICE_H */
