/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mono.h"
#include "base/signame.h"
#include "core/event.h"
#include "core/service.h"
#include "core/supervisor.h"
#include "os/signals.h"

#include "daemon/control.h"
#include "daemon/crank.h"
#include "daemon/daemon.h"
#include "daemon/load.h"
#include "daemon/signals.h"
#include "daemon/update.h"
#include "daemon/words.h"

/* TERM, INT, QUIT. */
static void
on_shutdown(struct daemon *d, int signo)
{
	char name[SIGNAME_MAX];
	bool again;

	(void)signame_text(signo, name);
	if (d->sv == NULL) {
		log_info(
		    &d->log, NULL, "%s while starting; nothing runs yet", name);
		d->done = true;
		ev_break(d->loop, EVBREAK_ALL);
		return;
	}
	again = d->sv->phase != SUPERVISOR_UP;
	if (again && signo != SIGINT) {
		/* Orchestrators repeat it. */
		log_info(
		    &d->log, NULL, "%s again; already shutting down", name);
		return;
	}
	if (again) {
		log_warn(&d->log, NULL,
		    "INT again; all remaining grace is "
		    "skipped");
		crank_post(d, &(struct event){ .type = EVENT_SHUTDOWN_NOW });
	} else {
		log_info(&d->log, NULL, "%s; shutting down, within %lld s",
		    name, (long long)(supervisor_budget(d->sv) / 1000));
		crank_post(d,
		    &(struct event){ .type = EVENT_SHUTDOWN, .signo = signo });
	}
	crank_turn(d);
}

static void
on_update(struct daemon *d, int signo)
{
	(void)signo;
	if (d->sv != NULL)
		control_again(d);
	log_info(&d->log, NULL, "HUP; update");
	update_soon(d);
}

static void
on_status(struct daemon *d, int signo)
{
	(void)signo;
	if (d->sv == NULL)
		return;
	control_again(d);
	words_status(d, mono_now());
}

static void
on_reopen(struct daemon *d, int signo)
{
	(void)signo;
	if (d->sv != NULL)
		control_again(d);
}

static void
on_child(struct daemon *d, int signo)
{
	(void)signo;
	crank_reap(d);
}

static const struct {
	int signo;
	void (*act)(struct daemon *, int);
} rows[] = {
	{ SIGTERM, on_shutdown },
	{ SIGINT, on_shutdown },
	{ SIGQUIT, on_shutdown },
	{ SIGHUP, on_update },
	{ SIGUSR1, on_status },
	{ SIGUSR2, on_reopen },
	{ SIGCHLD, on_child },
};
#define NROWS (sizeof(rows) / sizeof(rows[0]))
_Static_assert(NROWS == DAEMON_SIGNALS, "a watcher for each signal");

static void
on_signal(struct ev_loop *loop, struct ev_signal *w, int revents)
{
	const struct daemon *d = w->data;
	size_t i;

	(void)loop;
	(void)revents;
	/* On our way out nothing is asked of us any more. */
	if (d->done && w->signum != SIGCHLD)
		return;
	for (i = 0; i < NROWS; i++)
		if (rows[i].signo == w->signum)
			rows[i].act(w->data, w->signum);
}

void
signals_open(struct daemon *d)
{
	size_t i;

	for (i = 0; i < NROWS; i++) {
		ev_signal_init(&d->signals[i], on_signal, rows[i].signo);
		d->signals[i].data = d;
		/* What has ended is dealt with before anything is asked. */
		if (rows[i].signo == SIGCHLD)
			ev_set_priority(&d->signals[i], EV_MAXPRI);
		ev_signal_start(d->loop, &d->signals[i]);
	}
	/* Seventy system calls, which each child is spared. */
	signals_handled(&d->handled);
}

void
signals_close(struct daemon *d)
{
	size_t i;

	for (i = 0; i < NROWS; i++)
		ev_signal_stop(d->loop, &d->signals[i]);
}
