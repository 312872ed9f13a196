/* SPDX-License-Identifier: MIT */
#include <signal.h>

#include "core/service.h"
#include "core/supervisor.h"

#include "alike.h"

/* From when to when. */
struct shift {
	int64_t now;
	int64_t then;
};

/* Shift ${t}; what is longer ago than ${past} is alike. */
static void
rebase(struct mono *t, const struct shift *by, int64_t past)
{
	if (mono_is_never(*t))
		return;
	t->ms += by->then - by->now;
	if (t->ms < by->then - past)
		t->ms = by->then - past;
}

static void
alike_run(struct run *r, const struct shift *by, int64_t longest)
{
	r->number = r->number != 0;
	r->pid = r->pid != 0 ? 100 : 0;
	rebase(&r->forked, by, RESTART_QUICK_MS);
	rebase(&r->ended, by, longest);
	rebase(&r->kill_at, by, 0);
	rebase(&r->stuck_at, by, 0);
	rebase(&r->deadline, by, 0);
	r->execed = MONO_NEVER;
	if (r->stop == RUN_STOP_NOT) {
		r->signo = 0;
		r->scope = SCOPE_LEADER;
	}
}

/* How a run went is asked for only where it ends by itself. */
static void
forget_run(struct service *s)
{
	if (s->run.phase == RUN_NONE || s->asked_stop) {
		s->error = s->run.status = 0;
		s->proved = false;
		s->run.forked = s->run.ended = MONO_NEVER;
	} else if (s->run.phase == RUN_LEFT) {
		s->run.status = s->proved && s->run.status != 0 ? SIGKILL : 0;
	}
}

static void
alike_service(struct service *s, const struct shift *by)
{
	rebase(&s->deadline, by, 0);
	/* Waits count from the end of a run. */
	alike_run(&s->run, by, s->error != 0 ? 2000 : 1000);
	forget_run(s);
	s->since.ms = by->then;
	s->starts = s->restarts = s->left_run = 0;
	s->stage = 0;
	if (s->reason != REASON_SWEEP)
		s->reason = REASON_NONE;
	s->pending &=
	    ~(unsigned)(PENDING_ANNOUNCE | PENDING_LEFT | PENDING_STUCK);
	s->announced = SERVICE_STOPPED;
	if (s->restart.burst > 0 && s->restart.burst < RESTART_BURST)
		s->restart.burst = RESTART_BURST;
	if (s->restart.fork_failures > 1)
		s->restart.fork_failures = 1;
	/* Failures are only counted where another start may follow. */
	if (!s->want_up)
		restart_reset(&s->restart);
}

void
alike(struct supervisor *sv, struct mono now, struct mono then)
{
	const struct shift by = { now.ms, then.ms };
	struct service *s;
	uint32_t i;

	rebase(&sv->kill_at, &by, 0);
	rebase(&sv->end_at, &by, 0);
	sv->next_run = 2;
	for (i = 0; i < sv->n; i++) {
		s = &sv->services[i];
		alike_service(s, &by);
		if (sv->phase == SUPERVISOR_UP)
			continue;
		/* Nothing starts any more. */
		restart_reset(&s->restart);
		s->behind = s->awaited = false;
	}
	if (sv->phase != SUPERVISOR_UP) {
		sv->removals = 0;
		sv->lifted = false;
	}
}
