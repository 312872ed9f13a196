/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "core/run.h"

void
run_init(struct run *r)
{
	memset(r, 0, sizeof(*r));
	r->forked = r->execed = r->ended = MONO_NEVER;
	r->kill_at = r->stuck_at = r->deadline = MONO_NEVER;
}

bool
run_accepts(const struct run *r, const struct event *ev)
{
	if (ev->run != r->number)
		return (false);
	switch (ev->type) {
	case EVENT_FORKED:
		return (r->phase == RUN_ASKED && ev->pid > 1);
	case EVENT_FORK_FAILED:
		return (r->phase == RUN_ASKED);
	case EVENT_EXECED:
	case EVENT_EXEC_FAILED:
		return (r->phase == RUN_FORKED);
	case EVENT_EXITED:
		return (r->phase == RUN_FORKED || r->phase == RUN_UP);
	case EVENT_TREE_EMPTY:
		return (r->phase == RUN_LEFT);
	case EVENT_BOOT:
	case EVENT_START:
	case EVENT_STOP:
	case EVENT_RESTART:
	case EVENT_TICK:
	case EVENT_SHUTDOWN:
	case EVENT_SHUTDOWN_NOW:
	case EVENT_COUNT:
		break;
	}
	return (false);
}

void
run_ask(struct run *r, uint64_t number)
{
	assert(r->phase == RUN_NONE);
	run_init(r);
	r->number = number;
	r->phase = RUN_ASKED;
}

/* Nothing of it is left, or ever was; number, status and times stay. */
static void
over(struct run *r)
{
	r->phase = RUN_NONE;
	r->stop = RUN_STOP_NOT;
	r->pid = 0;
	r->term_follows = false;
	r->kill_at = r->stuck_at = r->deadline = MONO_NEVER;
}

void
run_cancel(struct run *r)
{
	assert(r->phase == RUN_ASKED);
	over(r);
}

void
run_forked(struct run *r, int pid, struct mono now)
{
	r->phase = RUN_FORKED;
	r->pid = pid;
	r->forked = now;
}

void
run_execed(struct run *r, struct mono now)
{
	r->phase = RUN_UP;
	r->execed = now;
}

/* Order the stop signal for ${scope}. */
static unsigned
signal_scope(struct run *r, int signo, enum run_scope scope)
{
	r->signo = signo;
	r->scope = scope;
	return (RUN_ORDER_SIGNAL);
}

/* SIGKILL, now and every second until the run is over or stuck. */
static unsigned
begin_kill(struct run *r, const struct run_plan *plan, struct mono now)
{
	r->stop = RUN_STOP_KILLED;
	r->scope = r->phase == RUN_LEFT ? SCOPE_TREE : plan->last;
	r->stuck_at = mono_after(now, RUN_STUCK_MS);
	r->deadline = mono_after(now, RUN_KILL_AGAIN_MS);
	return (RUN_ORDER_KILL);
}

unsigned
run_exited(struct run *r, const struct run_plan *plan, int status,
    unsigned left, struct mono now)
{
	r->status = status;
	r->ended = now;
	r->pid = 0;
	r->phase = RUN_LEFT;
	if (left == 0) {
		over(r);
		return (0);
	}
	if (r->stop == RUN_STOP_NOT ? !plan->sweep_on_exit
				    : !plan->sweep_on_stop) {
		over(r);
		return (RUN_ORDER_LEFT);
	}
	switch (r->stop) {
	case RUN_STOP_NOT:
		return (run_begin_stop(r, plan, now));
	case RUN_STOP_SIGNALLED:
		/* The rest has not had its signal yet, and the same grace. */
		return (signal_scope(r, r->signo, SCOPE_TREE));
	case RUN_STOP_KILLED:
	case RUN_STOP_STUCK:
		return (begin_kill(r, plan, now));
	case RUN_STOP_COUNT:
		break;
	}
	return (0);
}

void
run_emptied(struct run *r)
{
	over(r);
}

unsigned
run_begin_stop(struct run *r, const struct run_plan *plan, struct mono now)
{
	if (r->phase < RUN_FORKED || r->stop != RUN_STOP_NOT)
		return (0);
	if (plan->signo == SIGKILL)
		return (begin_kill(r, plan, now));
	r->stop = RUN_STOP_SIGNALLED;
	r->kill_at = mono_after(now, plan->grace_ms);
	r->term_follows = plan->term_follows;
	r->deadline = r->kill_at;
	if (r->term_follows)
		r->deadline =
		    mono_earlier(r->kill_at, mono_after(now, RUN_INT_TERM_MS));
	return (signal_scope(
	    r, plan->signo, r->phase == RUN_LEFT ? SCOPE_TREE : plan->first));
}

unsigned
run_kill(struct run *r, const struct run_plan *plan, struct mono now)
{
	if (r->phase < RUN_FORKED || r->stop >= RUN_STOP_KILLED)
		return (0);
	return (begin_kill(r, plan, now));
}

unsigned
run_tick(struct run *r, const struct run_plan *plan, struct mono now)
{
	if (r->stop == RUN_STOP_SIGNALLED) {
		if (!r->term_follows || mono_reached(now, r->kill_at))
			return (begin_kill(r, plan, now));
		r->term_follows = false;
		r->deadline = r->kill_at;
		return (signal_scope(r, SIGTERM, r->scope));
	}
	if (mono_reached(now, r->stuck_at)) {
		r->stop = RUN_STOP_STUCK;
		r->deadline = MONO_NEVER;
		return (RUN_ORDER_STUCK);
	}
	r->deadline =
	    mono_earlier(r->stuck_at, mono_after(now, RUN_KILL_AGAIN_MS));
	return (RUN_ORDER_KILL);
}

const char *
run_violation(const struct run *r)
{
	bool has_pid = r->phase == RUN_FORKED || r->phase == RUN_UP;
	bool timed =
	    r->stop == RUN_STOP_SIGNALLED || r->stop == RUN_STOP_KILLED;

	if (has_pid ? r->pid <= 1 : r->pid != 0)
		return ("R1: a pid exactly between fork and reap");
	if (r->phase <= RUN_ASKED && r->stop != RUN_STOP_NOT)
		return ("R2: what has no process is not being stopped");
	if (timed == mono_is_never(r->deadline))
		return ("R3: a stop has a deadline until it is stuck");
	return (NULL);
}
