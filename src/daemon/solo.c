/* SPDX-License-Identifier: MIT */
#include <sys/prctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <ev.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mono.h"
#include "base/signame.h"
#include "core/run.h"
#include "os/fds.h"
#include "os/kill.h"
#include "os/pid1.h"
#include "os/proc.h"
#include "os/proc_walk.h"
#include "os/reap.h"
#include "os/signals.h"
#include "os/spawn.h"
#include "os/tree.h"
#include "os/tty.h"

#include "daemon/forward.h"
#include "daemon/loop.h"
#include "daemon/solo.h"
#include "daemon/solo_options.h"

/* More orphans than this at our end are taken in portions. */
#define ORPHANS_MAX 512
/* While the command's queue of signals is full: how often to try. */
#define FULL_S      1e-3

#define NOT_FOUND      127
#define NOT_EXECUTABLE 126

struct solo {
	const struct solo_options *o;
	char *const *environ;
	struct ev_loop *loop;
	struct ev_io signals;
	struct ev_io status; /* Until it is known what became of the exec. */
	struct ev_timer timer;
	struct ev_timer full;
	struct run run;
	struct forward forward;
	struct signals_info kept; /* It found the queue full. */
	bool pid1;
	bool reaps; /* Orphans become ours. */
	int code;
	bool not_executed; /* ${code} says why. */
};

static void say(const struct solo *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

/* Say something on stderr, which belongs to the command as much as to us. */
static void
say(const struct solo *s, const char *fmt, ...)
{
	char line[512];
	va_list ap;
	int n;

	(void)s;
	va_start(ap, fmt);
	n = snprintf(line, sizeof(line), "sigmund: ");
	n += vsnprintf(line + n, sizeof(line) - 1 - (size_t)n, fmt, ap);
	va_end(ap);
	if (n > (int)sizeof(line) - 2)
		n = (int)sizeof(line) - 2;
	line[n++] = '\n';
	(void)!write(STDERR_FILENO, line, (size_t)n);
}

/* What is to be done when the command ends: TERM, the grace, KILL. */
static struct run_plan
plan(const struct solo *s)
{
	return ((struct run_plan){
	    .signo = SIGTERM,
	    .sweep_on_stop = true,
	    .sweep_on_exit = true,
	    .first = SCOPE_TREE,
	    .last = SCOPE_TREE,
	    .grace_ms = s->o->grace_ms,
	});
}

/* Our living children and all their descendants. */
struct orphans {
	struct proc_fact facts[ORPHANS_MAX];
	size_t n;
};

static void
add_orphan(void *arg, pid_t pid)
{
	struct orphans *v = arg;

	if (v->n < ORPHANS_MAX && proc_stat(pid, &v->facts[v->n]) == 0 &&
	    !proc_ended(&v->facts[v->n]))
		v->n++;
}

static void
add_if_ours(void *arg, const struct proc_fact *fact)
{
	if (fact->ppid == getpid())
		add_orphan(arg, fact->pid);
}

static void
find_orphans(struct orphans *v)
{
	v->n = 0;
	if (proc_children(getpid(), add_orphan, v) == -1)
		proc_each(add_if_ours, v);
}

/* Do what the run machine orders; it is the orphans which are left. */
static void
obey(struct solo *s, unsigned orders)
{
	struct orphans v;

	if ((orders & (RUN_ORDER_SIGNAL | RUN_ORDER_KILL)) == 0)
		return;
	find_orphans(&v);
	v.n = proc_walk(v.facts, v.n, ORPHANS_MAX);
	if (s->o->verbose > 0 && v.n > 0)
		say(s, "%s to %zu process%s which %s left",
		    orders & RUN_ORDER_KILL ? "KILL" : "TERM", v.n,
		    v.n == 1 ? "" : "es", v.n == 1 ? "is" : "are");
	if (orders & RUN_ORDER_KILL)
		(void)tree_kill(v.facts, v.n, ORPHANS_MAX);
	else
		(void)tree_signal(v.facts, v.n, SIGTERM);
}

/* Go on until the run is over, or nothing more can be done. */
static void
proceed(struct solo *s)
{
	struct mono now = mono_now();

	ev_timer_stop(s->loop, &s->timer);
	if (s->run.phase == RUN_NONE || s->run.stop == RUN_STOP_STUCK) {
		ev_break(s->loop, EVBREAK_ALL);
	} else if (!mono_is_never(s->run.deadline)) {
		ev_now_update(s->loop);
		ev_timer_set(&s->timer,
		    (double)(s->run.deadline.ms - now.ms) / 1e3 + 5e-4, 0.);
		ev_timer_start(s->loop, &s->timer);
	}
}

static void
on_timer(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	struct solo *s = w->data;
	struct run_plan how = plan(s);

	(void)loop;
	(void)revents;
	if (mono_reached(mono_now(), s->run.deadline))
		obey(s, run_tick(&s->run, &how, mono_now()));
	proceed(s);
}

/* Ask what became of the exec.  There is nothing to ask but once. */
static void
ask(struct solo *s, bool ended)
{
	struct child_report report;
	char text[CHILD_TEXT_MAX];

	if (s->status.fd == -1)
		return;
	switch (spawn_status(s->status.fd, &report)) {
	case SPAWN_PENDING:
		if (!ended)
			return;
		break;
	case SPAWN_EXECED:
		run_execed(&s->run, mono_now());
		break;
	case SPAWN_FAILED:
		say(s, "%s", child_report_text(&report, text));
		s->not_executed = true;
		s->code = report.code == ENOENT || report.code == ENOTDIR
			      ? NOT_FOUND
			      : NOT_EXECUTABLE;
		break;
	}
	ev_io_stop(s->loop, &s->status);
	(void)close(s->status.fd);
	s->status.fd = -1;
}

static void
on_status(struct ev_loop *loop, struct ev_io *w, int revents)
{
	(void)loop;
	(void)revents;
	ask(w->data, false);
}

/* What we exit with for the wait status of the command. */
static int
exit_code(const struct solo *s, int status)
{
	int code =
	    WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);

	return (s->o->zero[code / 32] >> (code % 32) & 1 ? 0 : code);
}

/* The command has ended. */
static void
command_ended(struct solo *s, int status)
{
	struct run_plan how = plan(s);
	struct orphans v = { .n = 0 };

	ask(s, true);
	if (!s->not_executed)
		s->code = exit_code(s, status);
	s->forward.pid = 0;
	if (s->reaps)
		find_orphans(&v);
	obey(s, run_exited(&s->run, &how, status, (unsigned)v.n, mono_now()));
}

/* Its name is known only until it is reaped. */
static void
say_orphan(const struct solo *s)
{
	char name[32];
	pid_t pid = reap_peek();

	if (pid != 0 && pid != s->run.pid)
		say(s, "reaping orphan %d (%s)", (int)pid,
		    proc_comm(pid, name, sizeof(name)));
}

/* Reap all which have ended. */
static void
reap(struct solo *s)
{
	struct reaped r;
	struct orphans v;

	do {
		if (s->o->warn)
			say_orphan(s);
		if (reap_next(&r) != 1)
			break;
		if (r.pid == s->run.pid)
			command_ended(s, r.status);
	} while (true);
	if (s->run.phase != RUN_LEFT)
		return;
	find_orphans(&v);
	if (v.n == 0)
		run_emptied(&s->run);
}

/*
 * The command was stopped from the terminal: so are we, that the shell which
 * waits for us gets the terminal back.  Where no shell waits the kernel knows
 * it, and TSTP does nothing.
 */
static void
follow_stop(struct solo *s)
{
	sigset_t one;
	int signo;

	if (s->pid1 || s->forward.terminal == -1 || s->forward.pid == 0)
		return;
	signo = reap_stopped(s->forward.pid);
	if (signo != SIGTSTP && signo != SIGTTIN && signo != SIGTTOU)
		return;
	(void)sigemptyset(&one);
	(void)sigaddset(&one, signo);
	(void)kill_self(signo);
	/* We stop in here, and go on when the shell continues us. */
	(void)sigprocmask(SIG_UNBLOCK, &one, NULL);
	(void)sigprocmask(SIG_BLOCK, &one, NULL);
}

/* Pass ${s}->kept on.  False when the command cannot take it yet. */
static bool
pass_on(struct solo *s)
{
	char from[SIGNAME_MAX], to[SIGNAME_MAX];
	int signo;

	switch (forward_signal(&s->forward, &s->kept, &signo)) {
	case FORWARD_FULL:
		ev_io_stop(s->loop, &s->signals);
		ev_timer_again(s->loop, &s->full);
		return (false);
	case FORWARD_SENT:
		if (s->o->verbose > 1)
			say(s, "got %s, sent %s",
			    signame_text(s->kept.signo, from),
			    signame_text(signo, to));
		break;
	case FORWARD_DROPPED:
		break;
	}
	return (true);
}

static void
on_signals(struct ev_loop *loop, struct ev_io *w, int revents)
{
	struct solo *s = w->data;
	bool child = false;

	(void)loop;
	(void)revents;
	while (signals_read(s->signals.fd, &s->kept) == 1) {
		child |= s->kept.signo == SIGCHLD;
		if (!pass_on(s))
			break;
	}
	if (!child)
		return;
	reap(s);
	follow_stop(s);
	proceed(s);
}

/* The queue was full: once more what did not fit, then what came since. */
static void
on_full(struct ev_loop *loop, struct ev_timer *w, int revents)
{
	struct solo *s = w->data;

	(void)revents;
	if (!pass_on(s))
		return;
	ev_timer_stop(loop, &s->full);
	ev_io_start(loop, &s->signals);
}

/*
 * In the child: socket activation (sd_listen_fds(3)) names the process for
 * which the descriptors are; if that was us, it is the command now.
 */
static int
prepare(void *arg, struct child_report *report)
{
	static const char key[] = "LISTEN_PID=";
	struct spawn_plan *p = arg;
	const char **list;
	char *entry;
	size_t i, n = 0;

	while (p->envp[n] != NULL)
		n++;
	for (i = 0; i < n; i++)
		if (strncmp(p->envp[i], key, sizeof(key) - 1) == 0)
			break;
	if (i == n ||
	    strtol(p->envp[i] + sizeof(key) - 1, NULL, 10) != getppid())
		return (0);
	list = calloc(n + 1, sizeof(*list));
	if (list == NULL || asprintf(&entry, "%s%d", key, (int)getpid()) < 0)
		return (child_report_set(
		    report, CHILD_STAGE_ENVIRONMENT, errno, "the environment"));
	memcpy(list, p->envp, n * sizeof(*list));
	list[i] = entry;
	p->envp = list;
	return (0);
}

/* The PATH among ${list}, or NULL. */
static const char *
search_path(char *const *list)
{
	for (; *list != NULL; list++)
		if (strncmp(*list, "PATH=", 5) == 0)
			return (*list + 5);
	return (NULL);
}

/* Fork the command. */
static int
start(struct solo *s, const sigset_t *ignored, struct err *err)
{
	struct spawn_plan p = SPAWN_PLAN;
	struct spawned spawned;

	p.argv = (const char *const *)s->o->command;
	p.envp = (const char *const *)s->environ;
	p.path = search_path(s->environ);
	p.stdio[0] = STDIN_FILENO;
	p.stdio[1] = STDOUT_FILENO;
	p.stdio[2] = STDERR_FILENO;
	p.keep_fds = true;
	p.group = true;
	if (s->forward.terminal != -1 && tty_is_ours(s->forward.terminal))
		p.terminal = s->forward.terminal;
	p.ignored = s->o->keep_ignored ? ignored : NULL;
	p.prepare = prepare;
	p.arg = &p;
	run_init(&s->run);
	run_ask(&s->run, 1);
	if (spawn_start(&p, &spawned, err) == -1)
		return (-1);
	run_forked(&s->run, spawned.pid, mono_now());
	s->forward.pid = spawned.pid;
	s->status.fd = spawned.status_fd;
	if (s->o->verbose > 0)
		say(s, "started %s (pid %d)", s->o->command[0],
		    (int)spawned.pid);
	return (0);
}

/* The wish to hear of our parent's end, and the race with it. */
static void
heed_parent(const struct solo *s, pid_t parent)
{
	if (s->o->death_signo == 0)
		return;
	(void)prctl(PR_SET_PDEATHSIG, s->o->death_signo, 0, 0, 0);
	/* It may have ended before: then nobody will tell. */
	if (getppid() != parent)
		(void)kill_self(s->o->death_signo);
}

/* Everything that can go wrong before there is a command. */
static int
open_all(struct solo *s, const sigset_t *ignored, struct err *err)
{
	int fd;

	if (start(s, ignored, err) == -1)
		return (-1);
	/* What the command was given is its own now: keep none of it. */
	fds_close_from(3, s->status.fd);
	s->forward.terminal = tty_open();
	pid1_leave_directory();
	if ((s->loop = loop_open()) == NULL || (fd = signals_fd()) == -1)
		return (err_set(err, errno, "cannot wait for signals"));
	ev_io_init(&s->signals, on_signals, fd, EV_READ);
	ev_io_init(&s->status, on_status, s->status.fd, EV_READ);
	ev_timer_init(&s->timer, on_timer, 0., 0.);
	ev_timer_init(&s->full, on_full, 0., FULL_S);
	s->signals.data = s->status.data = s->timer.data = s->full.data = s;
	ev_io_start(s->loop, &s->signals);
	ev_io_start(s->loop, &s->status);
	return (0);
}

int
solo(const struct solo_options *o, const sigset_t *ignored,
    char *const *environment)
{
	struct solo s = { .o = o, .environ = environment, .status.fd = -1 };
	pid_t parent = getppid();
	sigset_t old;
	struct err err;

	/* From here on nothing gets lost: it waits until it can be read. */
	signals_block(&old);
	heed_parent(&s, parent);
	s.pid1 = pid1_is();
	s.reaps = s.pid1 || o->subreaper;
	if (o->subreaper && !s.pid1 && pid1_subreaper(&err) == -1)
		say(&s, "%s", err.text);
	s.forward = (struct forward){
		.group = o->group, .rewrite = o->rewrite, .terminal = tty_open()
	};
	if (open_all(&s, ignored, &err) == -1) {
		say(&s, "%s", err.text);
		return (1);
	}
	ev_run(s.loop, 0);
	return (s.code);
}
