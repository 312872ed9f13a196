/* SPDX-License-Identifier: MIT */
#ifndef CORE_RUN_H
#define CORE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mono.h"

#include "core/event.h"

/*
 * One life of one process which we forked, from the wish to fork until
 * nothing of it is left.
 *
 *	NONE -ask-> ASKED -forked-> FORKED -execed-> UP -exited-> LEFT -empty-> NONE
 *
 * An exit which leaves nothing behind goes to NONE at once; one which comes
 * before the exec is told goes from FORKED to LEFT or NONE.  Beside the phase
 * stands how far a stop has come:
 *
 *	NOT -> SIGNALLED -(grace)-> KILLED -(5 s)-> STUCK
 *
 * It goes back only from STUCK to KILLED, when a stuck main process ends after
 * all and leaves others behind.
 * A stop is legal from FORKED on: the pid can be killed while the exec hangs.
 *
 * Invariants (run_violation() tells the first which is broken):
 * R1. pid > 1 in FORKED and UP, and 0 otherwise.
 * R2. stop == NOT in NONE and ASKED.
 * R3. A deadline is set exactly in SIGNALLED and KILLED.
 */

/* X(symbol, "name in traces") */
#define RUN_PHASES(X)                                                          \
	X(NONE, "none")                                                        \
	X(ASKED, "asked")                                                      \
	X(FORKED, "forked")                                                    \
	X(UP, "up")                                                            \
	X(LEFT, "left")

enum run_phase {
#define X(sym, name) RUN_##sym,
	RUN_PHASES(X)
#undef X
	    RUN_PHASE_COUNT
};

#define RUN_STOPS(X)                                                           \
	X(NOT, "not")                                                          \
	X(SIGNALLED, "signalled")                                              \
	X(KILLED, "killed")                                                    \
	X(STUCK, "stuck")

enum run_stop {
#define X(sym, name) RUN_STOP_##sym,
	RUN_STOPS(X)
#undef X
	    RUN_STOP_COUNT
};

/* SIGKILL has this long to work before the run counts as stuck. */
#define RUN_STUCK_MS      5000
/* SIGKILL is repeated this often until then: for what was forked meanwhile. */
#define RUN_KILL_AGAIN_MS 1000
/* A shell with a foreground child survives a lone INT: TERM follows. */
#define RUN_INT_TERM_MS   1000

/* How a run is to be stopped; the service makes it from its program. */
struct run_plan {
	int signo;            /* The stop signal. */
	bool term_follows;    /* TERM too, if ${signo} has not worked. */
	bool sweep_on_stop;   /* End what a stopped leader leaves behind, */
	bool sweep_on_exit;   /* and what one leaves which exits by itself. */
	enum run_scope first; /* Whom the stop signal is for; */
	enum run_scope last;  /* and whom SIGKILL. */
	int64_t grace_ms;     /* From the stop signal to SIGKILL. */
};

struct run {
	uint64_t number; /* Never repeats; 0 before the first. */
	enum run_phase phase;
	enum run_stop stop;
	int pid;
	int status;           /* As wait(2) gives it, once exited. */
	int signo;            /* What the last order to signal sends, ... */
	enum run_scope scope; /* ... and whom it or SIGKILL is for. */
	bool term_follows;
	struct mono forked;
	struct mono execed;   /* MONO_NEVER before the exec. */
	struct mono ended;    /* When its main process exited. */
	struct mono kill_at;  /* SIGNALLED: when the grace is over. */
	struct mono stuck_at; /* KILLED. */
	struct mono deadline;
};

/* What a step wants done: a set of these. */
enum run_order {
	RUN_ORDER_SIGNAL = 1, /* Send ${signo} to ${scope}. */
	RUN_ORDER_KILL = 2,   /* Send SIGKILL to ${scope}. */
	RUN_ORDER_LEFT = 4,   /* Say what was left. */
	RUN_ORDER_STUCK = 8   /* Say that it is stuck. */
};

/**
 * run_init(r):
 * Make ${r} a run which has not been asked for.
 */
void run_init(struct run *);

/**
 * run_accepts(r, ev):
 * Can ${ev}, one of FORKED to TREE_EMPTY, be about ${r} as it is now?
 */
bool run_accepts(const struct run *, const struct event *);

/**
 * run_ask(r, number):
 * Begin the run ${number}: its fork is wanted.  ${r} must be in NONE.
 */
void run_ask(struct run *, uint64_t);

/**
 * run_cancel(r):
 * There will be no process after all: back to NONE from ASKED.
 */
void run_cancel(struct run *);

/**
 * run_forked(r, pid, now):
 * run_execed(r, now):
 * The process exists; the program runs in it.
 */
void run_forked(struct run *, int, struct mono);
void run_execed(struct run *, struct mono);

/**
 * run_exited(r, plan, status, left, now):
 * The main process was reaped with ${status} and left ${left} processes
 * behind.  Return the orders which follow.  ${r} is over (NONE) unless there
 * is something left which ${plan} wants ended.
 */
unsigned run_exited(
    struct run *, const struct run_plan *, int, unsigned, struct mono);

/**
 * run_emptied(r):
 * Nothing is left of the tree: ${r}, in LEFT, is over.
 */
void run_emptied(struct run *);

/**
 * run_begin_stop(r, plan, now):
 * Stop ${r} as ${plan} says and return the orders.  No effect on a run which
 * is being stopped already, or has no process.
 */
unsigned run_begin_stop(struct run *, const struct run_plan *, struct mono);

/**
 * run_kill(r, plan, now):
 * The same without any grace which remains.
 */
unsigned run_kill(struct run *, const struct run_plan *, struct mono);

/**
 * run_tick(r, plan, now):
 * The deadline of ${r} was reached: escalate, and return the orders.
 */
unsigned run_tick(struct run *, const struct run_plan *, struct mono);

/**
 * run_violation(r):
 * Return the first invariant which ${r} breaks, in words, or NULL.
 */
const char *run_violation(const struct run *);

#endif /* !CORE_RUN_H */
