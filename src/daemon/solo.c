/* SPDX-License-Identifier: MIT */
#include <sys/prctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mono.h"
#include "base/signame.h"
#include "core/run.h"
#include "os/fds.h"
#include "os/kill.h"
#include "os/pid1.h"
#include "os/proc.h"
#include "os/reap.h"
#include "os/signals.h"
#include "os/spawn.h"
#include "os/tty.h"

#include "daemon/forward.h"
#include "daemon/orphans.h"
#include "daemon/solo.h"
#include "daemon/solo_command.h"
#include "daemon/solo_options.h"

/* While the command's queue of signals is full: how often to try. */
#define FULL_MS 1
/* While orphans end: how often to look for those who became ours since. */
#define LOOK_MS 100

/*
 * There is no event loop.  All there is to wait for are signals, and between
 * the one which wakes us and the one which we send, each call counts: through
 * libev a signal took a quarter longer, as measured by tests/bench.
 */
struct solo {
	const struct solo_options *o;
	struct log log;
	int signals_fd;
	struct run run;
	struct forward forward;
	struct orphans orphans;
	/* What found the command's queue full: by number, real-time in 0. */
	struct signals_info kept[SIGSYS + 1];
	uint32_t keeps;   /* Which of them do. */
	struct mono look; /* When to, for orphans who became ours since. */
	int status_fd;    /* What became of the exec; or -1. */
	pid_t command;    /* Its pid, also when it has ended. */
	bool pid1;
	bool reaps; /* Orphans become ours. */
	int code;
};

static void say(struct solo *, enum log_level, const char *, ...)
    __attribute__((format(printf, 3, 4)));

/* Say something on stderr, which belongs to the command as much as to us. */
static void
say(struct solo *s, enum log_level level, const char *fmt, ...)
{
	va_list ap;

	if (level > s->log.level)
		return;
	/* A terminal is opened for it, so not before there is a need. */
	if (s->log.fd == -1)
		log_open(
		    &s->log, STDERR_FILENO, LOG_FORMAT_PLAIN, s->log.level);
	va_start(ap, fmt);
	log_vwrite(&s->log, level, NULL, fmt, ap);
	va_end(ap);
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

/* Do what the run machine orders; it is the orphans which are left. */
static void
obey(struct solo *s, unsigned orders)
{
	size_t n;

	if (orders & RUN_ORDER_SIGNAL) {
		n = orphans_tell(&s->orphans);
		if (n > 0)
			say(s, LOG_LEVEL_INFO, "%zu orphan%s left: TERM", n,
			    n == 1 ? "" : "s");
	}
	if (orders & RUN_ORDER_KILL) {
		n = orphans_kill(&s->orphans);
		if (n > 0)
			say(s, LOG_LEVEL_INFO, "%zu orphan%s left: KILL", n,
			    n == 1 ? "" : "s");
	}
	if (orders & RUN_ORDER_STUCK)
		say(s, LOG_LEVEL_WARN, "orphans are left which survive KILL");
	/* Without a /proc there is nobody to be found, nor to wait for. */
	if (orders & (RUN_ORDER_SIGNAL | RUN_ORDER_KILL) && !orphans_visible())
		run_emptied(&s->run);
}

/* What we exit with for the wait status of the command. */
static int
exit_code(struct solo *s, int status)
{
	struct child_report report;
	char text[CHILD_TEXT_MAX];
	int code;

	/* What there is to tell was written before it ended. */
	if (spawn_status(s->status_fd, &report) == SPAWN_FAILED) {
		say(s, LOG_LEVEL_ERROR, "%s", child_report_text(&report, text));
		return (solo_command_failed(&report));
	}
	code =
	    WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	say(s, LOG_LEVEL_INFO, "%s ended: %s %d", s->o->command[0],
	    WIFSIGNALED(status) ? "signal" : "exit",
	    WIFSIGNALED(status) ? WTERMSIG(status) : code);
	return (s->o->zero[code / 32] >> (code % 32) & 1 ? 0 : code);
}

/* The command has ended; all others who had were reaped after it. */
static void
command_ended(struct solo *s, int status)
{
	struct run_plan how = plan(s);
	bool left = s->reaps && reap_any_left();

	s->code = exit_code(s, status);
	s->forward.pid = 0;
	obey(s, run_exited(&s->run, &how, status, left, mono_now()));
}

static void
say_reaped(struct solo *s, const char *name, const struct reaped *r)
{
	char text[SIGNAME_MAX];

	if (WIFSIGNALED(r->status))
		say(s, LOG_LEVEL_WARN, "reaped orphan %d (%s): killed by %s",
		    (int)r->pid, name, signame_text(WTERMSIG(r->status), text));
	else
		say(s, LOG_LEVEL_WARN, "reaped orphan %d (%s): exit %d",
		    (int)r->pid, name, WEXITSTATUS(r->status));
}

/* Reap all which have ended. */
static void
reap(struct solo *s)
{
	struct reaped r;
	char name[32] = "";
	bool ended = false;
	int status = 0;

	do {
		/* A name is known only until its bearer is reaped. */
		if (s->o->warn)
			(void)proc_comm(reap_peek(), name, sizeof(name));
		if (reap_next(&r) != 1)
			break;
		if (r.pid == s->run.pid) {
			ended = true;
			status = r.status;
		} else if (s->o->warn) {
			say_reaped(s, name, &r);
		}
	} while (true);
	if (ended)
		command_ended(s, status);
	if (s->run.phase == RUN_LEFT && !reap_any_left())
		run_emptied(&s->run);
}

/*
 * The command was stopped from the terminal: so are we, that the shell which
 * waits for us gets the terminal back.  Where no shell waits the kernel knows
 * it, and the signal does nothing.
 */
static void
follow_stop(struct solo *s)
{
	sigset_t one;
	int signo;

	if (s->forward.pid == 0 ||
	    (signo = reap_stopped(s->forward.pid)) == 0 ||
	    forward_stopped(&s->forward, signo))
		return;
	if (s->pid1 || s->forward.terminal == -1 ||
	    (signo != SIGTSTP && signo != SIGTTIN && signo != SIGTTOU))
		return;
	tty_take(s->forward.terminal, s->command);
	(void)sigemptyset(&one);
	(void)sigaddset(&one, signo);
	(void)kill_self(signo);
	/* We stop in here, and go on when the shell continues us. */
	(void)sigprocmask(SIG_UNBLOCK, &one, NULL);
	(void)sigprocmask(SIG_BLOCK, &one, NULL);
}

/* Pass ${info} on.  False when the command cannot take it yet. */
static bool
pass_on(struct solo *s, const struct signals_info *info)
{
	char from[SIGNAME_MAX], to[SIGNAME_MAX];
	int signo;

	switch (forward_signal(&s->forward, info, &signo)) {
	case FORWARD_FULL:
		return (false);
	case FORWARD_SENT:
		if (s->o->verbose > 1)
			say(s, LOG_LEVEL_DEBUG, "got %s, sent %s",
			    signame_text(info->signo, from),
			    signame_text(signo, to));
		break;
	case FORWARD_DROPPED:
		break;
	}
	return (true);
}

/*
 * The queue of the command is full.  Real-time signals have to wait where
 * they are, in their order; all others go on, or nobody could continue a
 * command which is stopped, or end it.
 */
static void
keep(struct solo *s, const struct signals_info *info)
{
	int slot = info->signo > SIGSYS ? 0 : info->signo;

	if (slot == 0)
		signals_fd_realtime(s->signals_fd, false);
	s->kept[slot] = *info;
	s->keeps |= UINT32_C(1) << slot;
}

/* Once more what did not fit; then what came since. */
static void
try_kept(struct solo *s)
{
	int i;

	for (i = 0; i <= SIGSYS; i++)
		if (s->keeps >> i & 1 && pass_on(s, &s->kept[i]))
			s->keeps &= ~(UINT32_C(1) << i);
	if ((s->keeps & 1) == 0)
		signals_fd_realtime(s->signals_fd, true);
}

static void
on_signal(struct solo *s, const struct signals_info *info)
{
	if (info->signo == SIGCHLD) {
		reap(s);
		follow_stop(s);
	} else if (!pass_on(s, info)) {
		keep(s, info);
	}
}

/* See after the orphans.  Return for how long there is nothing to do. */
static int64_t
see_after_orphans(struct solo *s)
{
	struct run_plan how = plan(s);
	struct mono now = mono_now();

	if (mono_reached(now, s->run.deadline)) {
		obey(s, run_tick(&s->run, &how, now));
	} else if (mono_reached(now, s->look)) {
		if (s->run.stop == RUN_STOP_SIGNALLED)
			(void)orphans_tell_new(&s->orphans);
		s->look = mono_after(now, LOOK_MS);
	}
	/* Not so soon as to find that it is not yet the time. */
	return (mono_earlier(s->run.deadline, s->look).ms - now.ms + 1);
}

/* Is the run over, or can nothing more be done? */
static bool
is_over(const struct solo *s)
{
	return (s->run.phase == RUN_NONE || s->run.stop == RUN_STOP_STUCK);
}

/* Until the command has ended, and what it has left behind. */
static void
serve(struct solo *s)
{
	struct signals_info info;
	int64_t ms;

	while (!is_over(s)) {
		ms = s->run.phase == RUN_LEFT ? see_after_orphans(s) : -1;
		if (is_over(s))
			break;
		if (s->keeps != 0)
			ms = FULL_MS;
		if (signals_wait(s->signals_fd, (int)ms, &info) == 1)
			on_signal(s, &info);
		if (s->keeps != 0)
			try_kept(s);
	}
}

/*
 * What of the signals ignored when we were started is not harmless: with CHLD
 * children would vanish unseen, with the others we could not stop.  All are
 * blocked, and as long as that a handler is never run.
 */
static void
heed(void)
{
	static const int signos[] = { SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU };
	struct sigaction sa = { .sa_handler = SIG_DFL };
	size_t i;

	for (i = 0; i < sizeof(signos) / sizeof(signos[0]); i++)
		(void)sigaction(signos[i], &sa, NULL);
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

/* All that can go wrong does so before there is a command. */
static int
prepare(struct solo *s, struct err *err)
{
	s->pid1 = pid1_is();
	s->reaps = s->pid1 || s->o->subreaper;
	if (s->o->subreaper && !s->pid1 && pid1_subreaper(err) == -1)
		return (-1);
	if (s->o->warn && !s->reaps)
		say(s, LOG_LEVEL_WARN,
		    "not PID 1, and no -s: orphans do not become ours");
	s->forward.terminal = tty_open();
	if ((s->signals_fd = signals_fd()) == -1)
		return (err_set(err, errno, "cannot wait for signals"));
	return (0);
}

/* Fork the command. */
static int
start(struct solo *s, const struct solo_command *command, struct err *err)
{
	struct spawned spawned;

	run_init(&s->run);
	run_ask(&s->run, 1);
	if (solo_command_start(command, &spawned, err) == -1)
		return (-1);
	run_forked(&s->run, spawned.pid, mono_now());
	s->command = s->forward.pid = spawned.pid;
	s->status_fd = spawned.status_fd;
	/*
	 * What the command was given is its own now: keep none of it.  Nothing
	 * has been opened since that descriptor.
	 */
	fds_close_inherited(s->status_fd);
	pid1_leave_directory();
	say(s, LOG_LEVEL_INFO, "started %s (pid %d)", s->o->command[0],
	    (int)spawned.pid);
	return (0);
}

int
solo(const struct solo_options *o, char *const *environment)
{
	struct solo s = { .o = o, .log = { .fd = -1, .own_fd = -1 } };
	struct solo_command command = { .options = o, .environ = environment };
	pid_t parent = getppid();
	sigset_t old, ignored;
	struct err err;

	s.log.level = o->verbose == 0   ? LOG_LEVEL_WARN
		      : o->verbose == 1 ? LOG_LEVEL_INFO
					: LOG_LEVEL_DEBUG;
	/* From here on nothing gets lost: it waits until it can be read. */
	signals_block(&old);
	heed_parent(&s, parent);
	if (o->keep_ignored) {
		signals_ignored(&ignored);
		command.ignored = &ignored;
	}
	heed();
	s.forward =
	    (struct forward){ .group = o->group, .rewrite = o->rewrite };
	if (prepare(&s, &err) == -1) {
		say(&s, LOG_LEVEL_ERROR, "%s", err.text);
		return (1);
	}
	command.terminal = s.forward.terminal;
	if (start(&s, &command, &err) == -1) {
		say(&s, LOG_LEVEL_ERROR, "%s", err.text);
		return (1);
	}
	serve(&s);
	if (s.forward.terminal != -1)
		tty_take(s.forward.terminal, s.command);
	log_close(&s.log);
	orphans_free(&s.orphans);
	return (s.code);
}
