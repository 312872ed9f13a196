/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "core/plan.h"
#include "core/program.h"

#include "core/service.h"

/* What one step works on; saves passing four arguments around. */
struct step {
	struct service *s;
	const struct program *p;
	const struct event *ev; /* NULL where nothing happened outside. */
	const struct service_world *w;
};

/* The only place which writes the state. */
static void
enter(const struct step *t, enum service_state state, enum service_reason why)
{
	t->s->state = state;
	t->s->reason = why;
	t->s->since = t->w->now;
	t->s->deadline = MONO_NEVER;
	t->s->pending |= PENDING_ANNOUNCE;
}

/* BACKOFF until ${ms} after the end of the run. */
static void
back_off(const struct step *t, enum service_reason why, int64_t ms)
{
	enter(t, SERVICE_BACKOFF, why);
	t->s->deadline = mono_after(t->s->run.ended, ms);
}

/* Translate what the run machine orders. */
static void
order(const struct step *t, unsigned orders)
{
	if (orders & RUN_ORDER_SIGNAL)
		t->s->pending |= PENDING_SIGNAL;
	/* What has not been sent yet is pointless, and its scope is lost. */
	if (orders & RUN_ORDER_KILL)
		t->s->pending =
		    (t->s->pending & ~(unsigned)PENDING_SIGNAL) | PENDING_KILL;
	if (orders & RUN_ORDER_LEFT) {
		t->s->pending |= PENDING_LEFT;
		t->s->left_run = t->s->run.number;
	}
	if (orders & RUN_ORDER_STUCK)
		t->s->pending |= PENDING_STUCK;
}

/* How a run of this program is to be stopped now. */
static struct run_plan
plan(const struct step *t)
{
	return (plan_stop(t->p, t->w->received));
}

/* Start a run, unless something forbids it or must happen first. */
static void
begin(const struct step *t, enum service_reason why)
{
	struct service *s = t->s;

	s->due = false;
	if (t->w->shutting_down || s->leaving) {
		if (s->state == SERVICE_BACKOFF || s->state == SERVICE_WAITING)
			enter(t, SERVICE_STOPPED, REASON_SHUTDOWN);
		return;
	}
	if (s->behind && t->w->removals) {
		if (s->state != SERVICE_WAITING)
			enter(t, SERVICE_WAITING, REASON_REMOVAL);
		return;
	}
	s->behind = false;
	s->asked_stop = false;
	s->proved = false;
	s->error = s->stage = 0;
	s->starts++;
	s->restarts += why == REASON_RETRY || why == REASON_RESTART;
	run_ask(&s->run, (*t->w->next_run)++);
	enter(t, SERVICE_STARTING, why);
	s->pending |= PENDING_FORK;
}

/* Start again when the present state has been announced. */
static void
begin_next(const struct step *t)
{
	t->s->due = true;
	t->s->pending |= PENDING_WAKE;
}

/* The run has ended by itself, and nothing is left of it: what now? */
static void
verdict(const struct step *t)
{
	struct service *s = t->s;
	struct restart_end end = {
		.up = s->proved,
		.status = s->run.status,
		.no_means = s->reason == REASON_NO_MEANS,
	};
	enum service_reason why;
	int64_t wait_ms = 0;

	/*
	 * A process which found no means for its exec (EAGAIN of RLIMIT_NPROC,
	 * ENOMEM, ENFILE) is like a fork which failed.
	 */
	if (s->error == EAGAIN || s->error == ENOMEM || s->error == ENFILE ||
	    s->error == EMFILE)
		end.no_means = true;
	if (!mono_is_never(s->run.forked))
		end.lived_ms = s->run.ended.ms - s->run.forked.ms;
	why = end.no_means                         ? REASON_NO_MEANS
	      : s->error != 0                      ? REASON_NOT_EXECUTED
	      : !s->proved                         ? REASON_TOO_SOON
	      : restart_expected(t->p, end.status) ? REASON_EXPECTED
						   : REASON_UNEXPECTED;
	switch (restart_decide(&s->restart, t->p, &end, &wait_ms)) {
	case RESTART_STAY:
		enter(t, SERVICE_EXITED, why);
		break;
	case RESTART_AT_ONCE:
		enter(t, SERVICE_EXITED, why);
		begin_next(t);
		break;
	case RESTART_THROTTLE:
		back_off(t, REASON_THROTTLED, wait_ms);
		break;
	case RESTART_RETRY:
		back_off(t, why, wait_ms);
		break;
	case RESTART_GIVE_UP:
		enter(t, SERVICE_FATAL, why);
		break;
	}
}

/* The run is over: its process, and what was to be ended with it. */
static void
over(const struct step *t)
{
	struct service *s = t->s;

	s->pending &=
	    ~(unsigned)(PENDING_SIGNAL | PENDING_KILL | PENDING_STUCK);
	if (!s->asked_stop && !s->leaving && !t->w->shutting_down) {
		verdict(t);
		return;
	}
	if (!s->asked_stop)
		enter(t, SERVICE_EXITED,
		    restart_expected(t->p, s->run.status) ? REASON_EXPECTED
							  : REASON_UNEXPECTED);
	else
		enter(t, SERVICE_STOPPED, s->reason);
	s->asked_stop = false;
	if (s->leaving) {
		enter(t, SERVICE_STOPPED, REASON_REMOVED);
		s->gone = true;
		s->pending |= PENDING_GONE;
	} else if (s->want_up && !t->w->shutting_down) {
		begin_next(t);
	}
}

/* End what runs, or what waits to run. */
static void
end(const struct step *t, enum service_reason why)
{
	struct service *s = t->s;
	struct run_plan how = plan(t);

	s->due = false;
	switch (s->state) {
	case SERVICE_STOPPED:
		break;
	case SERVICE_EXITED:
	case SERVICE_FATAL:
		/* At our own end it stays what it became. */
		if (why != REASON_SHUTDOWN)
			enter(t, SERVICE_STOPPED, why);
		break;
	case SERVICE_WAITING:
	case SERVICE_BACKOFF:
		enter(t, SERVICE_STOPPED, why);
		break;
	case SERVICE_STARTING:
	case SERVICE_RUNNING:
	case SERVICE_STOPPING:
		s->asked_stop = true;
		if (s->state != SERVICE_STOPPING || s->reason == REASON_SWEEP)
			enter(t, SERVICE_STOPPING, why);
		s->reason = why;
		if (s->pending & PENDING_FORK) {
			/* Not forked yet, and now never to be. */
			s->pending &= ~(unsigned)PENDING_FORK;
			run_cancel(&s->run);
			over(t);
		} else if (t->w->hurry) {
			order(t, run_kill(&s->run, &how, t->w->now));
		} else {
			order(t, run_begin_stop(&s->run, &how, t->w->now));
		}
		break;
	case SERVICE_STATE_COUNT:
		break;
	}
}

/* Somebody wants it up: a first start, or another chance. */
static void
step_start(const struct step *t)
{
	struct service *s = t->s;

	s->want_up = true;
	restart_reset(&s->restart);
	switch (s->state) {
	case SERVICE_STOPPED:
	case SERVICE_EXITED:
	case SERVICE_FATAL:
	case SERVICE_BACKOFF:
	case SERVICE_WAITING:
		begin(t, REASON_ASKED);
		break;
	case SERVICE_STOPPING:
		/* Whatever ends now, a start follows. */
		s->asked_stop = true;
		s->reason = REASON_ASKED;
		break;
	case SERVICE_STARTING:
	case SERVICE_RUNNING:
	case SERVICE_STATE_COUNT:
		break;
	}
}

static void
step_restart(const struct step *t)
{
	if (t->s->state == SERVICE_STARTING || t->s->state == SERVICE_RUNNING) {
		t->s->want_up = true;
		restart_reset(&t->s->restart);
		end(t, REASON_ASKED);
	} else {
		step_start(t);
	}
}

static void
step_stop(const struct step *t)
{
	t->s->want_up = false;
	t->s->behind = false;
	end(t, REASON_ASKED);
}

/* The process exists.  If a stop came before it, stop it now. */
static void
step_forked(const struct step *t)
{
	struct run_plan how = plan(t);

	run_forked(&t->s->run, t->ev->pid, t->w->now);
	if (t->s->state != SERVICE_STOPPING)
		return;
	order(t, t->w->hurry ? run_kill(&t->s->run, &how, t->w->now)
			     : run_begin_stop(&t->s->run, &how, t->w->now));
}

static void
step_fork_failed(const struct step *t)
{
	t->s->error = t->ev->error;
	t->s->run.ended = t->w->now;
	run_cancel(&t->s->run);
	if (t->s->state == SERVICE_STARTING)
		t->s->reason = REASON_NO_MEANS;
	over(t);
}

static void
step_execed(const struct step *t)
{
	run_execed(&t->s->run, t->w->now);
	if (t->s->state != SERVICE_STARTING)
		return;
	if (t->p->startsecs_ms == 0) {
		t->s->proved = true;
		enter(t, SERVICE_RUNNING, REASON_UP);
	} else {
		t->s->deadline = mono_after(t->w->now, t->p->startsecs_ms);
	}
}

static void
step_exited(const struct step *t)
{
	struct service *s = t->s;
	struct run_plan how = plan(t);
	bool asked = s->state == SERVICE_STOPPING;

	order(t,
	    run_exited(&s->run, &how, t->ev->status, t->ev->left, t->w->now));
	if (s->run.phase == RUN_NONE)
		over(t);
	else if (!asked)
		enter(t, SERVICE_STOPPING, REASON_SWEEP);
}

static void
step_tick(const struct step *t)
{
	struct service *s = t->s;
	struct run_plan how = plan(t);

	if (mono_reached(t->w->now, s->run.deadline))
		order(t, run_tick(&s->run, &how, t->w->now));
	if (!mono_reached(t->w->now, s->deadline))
		return;
	if (s->state == SERVICE_STARTING) {
		s->proved = true;
		s->restart.retries = 0;
		enter(t, SERVICE_RUNNING, REASON_UP);
	} else if (s->state == SERVICE_BACKOFF) {
		begin(t, REASON_RETRY);
	}
}

void
service_init(struct service *s, struct mono now)
{
	memset(s, 0, sizeof(*s));
	s->since = now;
	s->deadline = MONO_NEVER;
	run_init(&s->run);
}

void
service_step(struct service *s, const struct program *p, const struct event *ev,
    const struct service_world *w)
{
	struct step t = { s, p, ev, w };

	if (s->gone)
		return;
	if (ev->type >= EVENT_FORKED && ev->type <= EVENT_TREE_EMPTY &&
	    (!run_accepts(&s->run, ev) || (s->pending & PENDING_FORK)))
		return;
	switch (ev->type) {
	case EVENT_START:
		if (!s->leaving)
			step_start(&t);
		break;
	case EVENT_STOP:
		step_stop(&t);
		break;
	case EVENT_RESTART:
		if (!s->leaving)
			step_restart(&t);
		break;
	case EVENT_FORKED:
		step_forked(&t);
		break;
	case EVENT_FORK_FAILED:
		step_fork_failed(&t);
		break;
	case EVENT_EXECED:
		step_execed(&t);
		break;
	case EVENT_EXEC_FAILED:
		s->error = ev->error;
		s->stage = ev->stage;
		break;
	case EVENT_EXITED:
		step_exited(&t);
		break;
	case EVENT_TREE_EMPTY:
		run_emptied(&s->run);
		over(&t);
		break;
	case EVENT_TICK:
		step_tick(&t);
		break;
	case EVENT_BOOT:
	case EVENT_SHUTDOWN:
	case EVENT_SHUTDOWN_NOW:
	case EVENT_COUNT:
		break;
	}
}

void
service_boot(struct service *s, const struct program *p,
    enum service_reason why, const struct service_world *w)
{
	struct step t = { s, p, NULL, w };

	if (!p->autostart || s->gone || s->leaving)
		return;
	/* Told again, it does not begin what has begun. */
	if (s->state != SERVICE_STOPPED && s->state != SERVICE_STOPPING)
		return;
	s->want_up = true;
	restart_reset(&s->restart);
	if (s->state == SERVICE_STOPPING)
		s->asked_stop = true;
	else
		begin(&t, why);
}

void
service_wake(
    struct service *s, const struct program *p, const struct service_world *w)
{
	struct step t = { s, p, NULL, w };

	if (s->state == SERVICE_WAITING)
		begin(&t, REASON_ADDED);
	else if (s->due)
		begin(&t,
		    s->state == SERVICE_STOPPED ? s->reason : REASON_RESTART);
}

void
service_stop(struct service *s, const struct program *p,
    enum service_reason why, const struct service_world *w)
{
	struct step t = { s, p, NULL, w };

	end(&t, why);
}

void
service_leave(
    struct service *s, const struct program *p, const struct service_world *w)
{
	struct step t = { s, p, NULL, w };

	s->leaving = true;
	s->want_up = s->behind = false;
	end(&t, REASON_REMOVED);
	if (s->run.phase == RUN_NONE && !s->gone) {
		s->gone = true;
		s->pending |= PENDING_GONE;
	}
}

void
service_renew(
    struct service *s, const struct program *p, const struct service_world *w)
{
	struct step t = { s, p, NULL, w };

	if (!s->want_up)
		return;
	restart_reset(&s->restart);
	s->behind = true;
	end(&t, REASON_CHANGED);
	if (s->state == SERVICE_STOPPED)
		begin_next(&t);
}
