/* SPDX-License-Identifier: MIT */
#include <signal.h>

#include "base/mono.h"
#include "os/kill.h"
#include "os/proc.h"
#include "os/reap.h"

#include "daemon/daemon.h"
#include "daemon/sweep.h"
#include "daemon/trees.h"

/* Reap what has ended; return how many are left. */
static size_t
left(struct daemon *d)
{
	struct reaped r;
	size_t n;

	while (reap_next(&r) == 1)
		continue;
	trees_new_turn(d);
	(void)trees_orphans(d, &n);
	return (n);
}

/* Send ${signo} to each orphan of ours; they are unreaped. */
static void
send(struct daemon *d, int signo)
{
	const struct proc_fact *f;
	size_t i, n;

	f = trees_orphans(d, &n);
	for (i = 0; i < n; i++) {
		(void)kill_process(f[i].pid, signo);
		(void)kill_process(f[i].pid, SIGCONT);
	}
}

/* Nothing is to be done: the loop goes on, or is over. */
static void
on_event(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	(void)w;
	(void)revents;
	ev_break(loop, EVBREAK_ONE);
}

static void
on_child(struct ev_loop *loop, struct ev_signal *w, int revents)
{
	(void)w;
	(void)revents;
	ev_break(loop, EVBREAK_ONE);
}

/* Wait until none is left, but no longer than ${ms}. */
static size_t
wait_for_none(struct daemon *d, int64_t ms)
{
	struct mono end = mono_after(mono_now(), ms);
	struct ev_timer timer;
	struct ev_signal child;
	size_t n;

	ev_signal_init(&child, on_child, SIGCHLD);
	ev_signal_start(d->loop, &child);
	while ((n = left(d)) > 0 && !mono_reached(mono_now(), end)) {
		ev_now_update(d->loop);
		ev_timer_init(&timer, on_event,
		    (double)(end.ms - mono_now().ms) / 1e3 + 1e-3, 0.);
		ev_timer_start(d->loop, &timer);
		ev_run(d->loop, 0);
		ev_timer_stop(d->loop, &timer);
	}
	ev_signal_stop(d->loop, &child);
	return (n);
}

void
sweep_helper(struct daemon *d)
{
	(void)wait_for_none(d, SWEEP_HELPER_MS);
}

void
sweep(struct daemon *d)
{
	const struct proc_fact *f;
	char list[512];
	size_t n;

	n = left(d);
	if (n == 0)
		return;
	f = trees_orphans(d, &n);
	log_warn(&d->log, NULL, "%zu orphan%s of no known service: %s%s", n,
	    n == 1 ? "" : "s", trees_list(f, n, list, sizeof(list)),
	    d->pid1 ? "; ending them" : "; left alone");
	if (!d->pid1)
		return;
	send(d, SIGTERM);
	if (wait_for_none(d, SWEEP_GRACE_MS) == 0)
		return;
	/* What they forked meanwhile becomes ours when they end. */
	send(d, SIGKILL);
	(void)wait_for_none(d, SWEEP_KILL_MS);
}
