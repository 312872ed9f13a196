/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mono.h"
#include "base/signame.h"
#include "base/span.h"
#include "core/event.h"
#include "core/program.h"
#include "core/service.h"
#include "core/supervisor.h"
#include "os/kill.h"
#include "os/proc.h"
#include "os/reap.h"

#include "daemon/births.h"
#include "daemon/crank.h"
#include "daemon/daemon.h"
#include "daemon/once.h"
#include "daemon/trees.h"
#include "daemon/words.h"

/* After this many forks the loop looks around. */
#define FORKS_A_TURN 16
/* Ended children are taken in portions of this size. */
#define REAP_BATCH   256

static const char *
id(const struct daemon *d, uint32_t i)
{
	return (d->sv->defs[i]->id);
}

void
crank_post(struct daemon *d, const struct event *ev)
{
	if (d->sv != NULL)
		supervisor_post(d->sv, ev, mono_now());
}

/* What became of an exec. */
static void
told(struct daemon *d, uint32_t i, uint64_t run, int code, int stage)
{
	crank_post(d, &(struct event){
			  .type = code == 0 ? EVENT_EXECED : EVENT_EXEC_FAILED,
			  .service = i,
			  .run = run,
			  .error = code,
			  .stage = stage,
		      });
	/* In the loop nobody else would go on. */
	ev_timer_start(d->loop, &d->more);
}

static void
do_fork(struct daemon *d, const struct action *a)
{
	struct child *c = &d->children[a->service];
	struct event ev = { .service = a->service, .run = a->run };
	struct proc_fact fact;
	struct err err;
	int pid;

	c->kill_said = false;
	trees_forget(d, a->service);
	once_forking(d, a->service);
	pid = births_begin(d, a->service, told, &err);
	if (pid == -1) {
		free(c->trouble);
		c->trouble = strdup(err.text);
		c->pid = 0;
		once_ended(d, a->service);
		ev.type = EVENT_FORK_FAILED;
		ev.error = err.code != 0 ? err.code : EAGAIN;
		crank_post(d, &ev);
		return;
	}
	c->pid = pid;
	/* Unreaped, so that it is there whatever has become of it. */
	c->start_ticks = proc_stat(pid, &fact) == 0 ? fact.start_ticks : 0;
	pids_put(&d->pids, pid, a->service);
	log_info(&d->log, id(d, a->service), "started (pid %d)", pid);
	once_running(d, a->service);
	ev.type = EVENT_FORKED;
	ev.pid = pid;
	crank_post(d, &ev);
}

/* The tree of service ${i} is empty although nobody told us. */
static void
post_empty(struct daemon *d, uint32_t i, uint64_t run)
{
	if (d->sv->services[i].run.phase == RUN_LEFT)
		d->nleft--;
	trees_forget(d, i);
	crank_post(d, &(struct event){
			  .type = EVENT_TREE_EMPTY, .service = i, .run = run });
}

/* Send to the main process or its group; a stopped one shall get it too. */
static void
send(struct daemon *d, const struct action *a, int signo)
{
	pid_t pid = d->sv->services[a->service].run.pid;

	if (pid <= 1)
		return;
	if (a->scope == SCOPE_GROUP && kill_group(pid, signo) == 0) {
		(void)kill_group(pid, SIGCONT);
		return;
	}
	/* A child which has not made its group yet is alone. */
	(void)kill_process(pid, signo);
	(void)kill_process(pid, SIGCONT);
}

static void
do_signal(struct daemon *d, const struct action *a)
{
	const struct program *p = d->sv->defs[a->service]->program;
	size_t n;

	if (a->scope == SCOPE_TREE) {
		if (trees_signal(d, a->service, a->signo) == 0)
			post_empty(d, a->service, a->run);
		return;
	}
	/* Who is of its tree can be told only before it ends. */
	if (p->leftovers != LEFTOVERS_LEAVE)
		(void)trees_members(d, a->service, &n);
	send(d, a, a->signo);
}

/* Say once that patience is over. */
static void
say_kill(struct daemon *d, const struct action *a, size_t n)
{
	const struct service *s = &d->sv->services[a->service];
	struct child *c = &d->children[a->service];
	char name[SIGNAME_MAX], span[SPAN_MAX];

	if (c->kill_said || n == 0)
		return;
	c->kill_said = true;
	if (mono_is_never(s->run.kill_at))
		log_info(&d->log, id(d, a->service), "SIGKILL to %zu process%s",
		    n, n == 1 ? "" : "es");
	else
		log_warn(&d->log, id(d, a->service),
		    "%s had no effect in %s, SIGKILL to %zu process%s",
		    signame_text(s->run.signo, name),
		    span_seconds(mono_now().ms - s->since.ms, span), n,
		    n == 1 ? "" : "es");
}

/* The line which sends SIGKILL to a service, and all that is of it. */
static void
do_kill(struct daemon *d, const struct action *a)
{
	size_t n = 1;

	if (a->scope == SCOPE_TREE)
		n = trees_kill(d, a->service);
	else
		send(d, a, SIGKILL);
	say_kill(d, a, n);
	if (n == 0)
		post_empty(d, a->service, a->run);
}

/* Name what survives SIGKILL, and where it waits. */
static void
do_stuck(struct daemon *d, const struct action *a)
{
	const struct proc_fact *f;
	char where[64], list[256];
	size_t n;

	f = trees_members(d, a->service, &n);
	log_error(&d->log, id(d, a->service),
	    "stuck: %s survives SIGKILL (waits in %s); not started again",
	    trees_list(f, n, list, sizeof(list)),
	    n == 0 ? "?" : proc_wchan(f[0].pid, where, sizeof(where)));
}

static void
do_left(struct daemon *d, const struct action *a)
{
	const struct proc_fact *f;
	char list[256];
	size_t n;

	f = trees_members(d, a->service, &n);
	log_warn(&d->log, id(d, a->service),
	    "left %zu process%s behind, which stay%s: %s", n,
	    n == 1 ? "" : "es", n == 1 ? "s" : "",
	    trees_list(f, n, list, sizeof(list)));
	trees_forget(d, a->service);
}

static void
do_action(struct daemon *d, const struct action *a)
{
	switch (a->type) {
	case ACTION_ANNOUNCE:
		words_announce(d, a, mono_now());
		once_wish(d, a->service);
		if (d->announced != NULL)
			d->announced(d, a->service, false);
		break;
	case ACTION_FORK:
		do_fork(d, a);
		break;
	case ACTION_SIGNAL:
		do_signal(d, a);
		break;
	case ACTION_KILL:
		do_kill(d, a);
		break;
	case ACTION_LEFT:
		do_left(d, a);
		break;
	case ACTION_STUCK:
		do_stuck(d, a);
		if (d->announced != NULL)
			d->announced(d, a->service, false);
		break;
	case ACTION_GONE:
		if (d->announced != NULL)
			d->announced(d, a->service, true);
		break;
	case ACTION_DONE:
		d->done = true;
		d->exit_code = a->code;
		ev_break(d->loop, EVBREAK_ALL);
		break;
	case ACTION_COUNT:
		break;
	}
}

/* Wait for the earliest deadline, and for nothing where there is none. */
static void
set_timer(struct daemon *d)
{
	struct mono t = supervisor_deadline(d->sv), now = mono_now();

	ev_timer_stop(d->loop, &d->timer);
	if (mono_is_never(t))
		return;
	ev_now_update(d->loop);
	/* Half a millisecond more: deadlines are reached, not approached. */
	ev_timer_set(&d->timer,
	    t.ms > now.ms ? (double)(t.ms - now.ms) / 1e3 + 5e-4 : 0., 0.);
	ev_timer_start(d->loop, &d->timer);
}

void
crank_turn(struct daemon *d)
{
	struct action a;
	unsigned forks = 0;

	if (d->sv == NULL || d->done)
		return;
	/* Orphans may have become ours since, without a word to us. */
	trees_new_turn(d);
	while (forks < FORKS_A_TURN && supervisor_next(d->sv, mono_now(), &a)) {
		forks += a.type == ACTION_FORK;
		do_action(d, &a);
	}
	if (d->done)
		return;
	if (supervisor_busy(d->sv))
		ev_timer_start(d->loop, &d->more);
	else
		ev_timer_stop(d->loop, &d->more);
	set_timer(d);
}

void
crank_drain(struct daemon *d)
{
	struct action a;

	while (!d->done && supervisor_next(d->sv, mono_now(), &a))
		do_action(d, &a);
}

static void
on_more(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	(void)loop;
	(void)revents;
	crank_turn(w->data);
}

static void
on_timer(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	struct daemon *d = w->data;

	(void)loop;
	(void)revents;
	crank_post(d, &(struct event){ .type = EVENT_TICK });
	crank_turn(d);
}

void
crank_open(struct daemon *d)
{
	ev_timer_init(&d->timer, on_timer, 0., 0.);
	d->timer.data = d;
	/* Exits are handled first, deadlines last: it may be both. */
	ev_set_priority(&d->timer, EV_MINPRI);
	/* Not an idle watcher: others who are busy must not hold it up. */
	ev_timer_init(&d->more, on_more, 0., 0.);
	d->more.data = d;
}

/* The main process of service ${i} was reaped. */
static void
main_exited(struct daemon *d, uint32_t i, int status)
{
	struct event ev = {
		.type = EVENT_EXITED,
		.service = i,
		.run = d->sv->services[i].run.number,
		.status = status,
	};
	size_t left;

	/* What it said before its end comes before its end. */
	births_settle(d, i);
	once_ended(d, i);
	(void)trees_members(d, i, &left);
	ev.left = (unsigned)left;
	d->children[i].ended = true;
	d->children[i].status = status;
	crank_post(d, &ev);
	if (d->sv->services[i].run.phase == RUN_LEFT)
		d->nleft++;
}

/* Were any of the ${n} orphans of service ${i}? */
static bool
has_any(const struct daemon *d, uint32_t i, const pid_t *orphans, size_t n)
{
	size_t k;

	for (k = 0; k < n; k++)
		if (trees_has(d, i, orphans[k]))
			return (true);
	return (false);
}

/*
 * The ${n} orphans were reaped: is something which we wait for gone with
 * them?  Only a service which knew one of them can have become empty.
 */
static void
look_at_left(struct daemon *d, const pid_t *orphans, size_t n)
{
	const struct service *s;
	uint32_t i;
	size_t left;

	for (i = 0; i < d->sv->n; i++) {
		s = &d->sv->services[i];
		if (s->run.phase != RUN_LEFT || !has_any(d, i, orphans, n))
			continue;
		(void)trees_members(d, i, &left);
		if (left == 0)
			post_empty(d, i, s->run.number);
	}
}

/*
 * Tell what the ${n} of ${batch} were.  The services first: what ${owner} says
 * holds only until somebody else has heard, since an update, which begins when
 * its reader ends, gives them other numbers.
 */
static void
deliver(struct daemon *d, const struct reaped *batch, const uint32_t *owner,
    size_t n)
{
	pid_t orphans[REAP_BATCH];
	size_t i, norphans = 0;

	for (i = 0; i < n; i++) {
		if (owner[i] != PIDS_NOBODY)
			main_exited(d, owner[i], batch[i].status);
		else
			orphans[norphans++] = batch[i].pid;
	}
	if (norphans > 0 && d->nleft > 0)
		look_at_left(d, orphans, norphans);
	for (i = 0; i < n; i++) {
		if (owner[i] != PIDS_NOBODY)
			continue;
		log_debug(&d->log, NULL, "reaped pid %d", (int)batch[i].pid);
		if (d->reaped_other != NULL)
			d->reaped_other(d, batch[i].pid, batch[i].status);
	}
}

void
crank_reap(struct daemon *d)
{
	struct reaped batch[REAP_BATCH];
	uint32_t owner[REAP_BATCH];
	size_t n, most = trees_clear(d) ? 1 : REAP_BATCH;

	do {
		/*
		 * First all which have ended, then one look at what they left
		 * behind: an orphan is ours before its parent can be reaped.
		 * Asking for one more costs the kernel a walk over all our
		 * children, so that the first is dealt with alone, and its
		 * successor started, before that; unless a second look would
		 * cost more.
		 */
		for (n = 0; n < most && reap_next(&batch[n]) == 1; n++)
			owner[n] = pids_take(&d->pids, batch[n].pid);
		if (n == 0)
			break;
		trees_new_turn(d);
		deliver(d, batch, owner, n);
		crank_turn(d);
		if (n < most)
			break;
		most = REAP_BATCH;
	} while (!d->done);
}
