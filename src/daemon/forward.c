/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stddef.h>

#include "os/kill.h"
#include "os/proc.h"
#include "os/signals.h"
#include "os/tty.h"

#include "daemon/forward.h"

/* Not for the command, but for us? */
static bool
is_ours(const struct signals_info *info)
{
	return (info->signo == SIGCHLD ||
		((info->signo == SIGTTIN || info->signo == SIGTTOU) &&
		    !info->sent));
}

/*
 * Did somebody press a key?  Then we are the foreground, which the command
 * should be: a shell's fg of a job that runs tells nobody.
 */
static bool
is_key(const struct forward *f, const struct signals_info *info)
{
	return (f->terminal != -1 && !info->sent &&
		(info->signo == SIGINT || info->signo == SIGQUIT ||
		    info->signo == SIGTSTP));
}

/* Send to the group.  It may be that there is none yet. */
static int
send_group(const struct forward *f, int signo, bool queue, void *value)
{
	if (queue) {
		if (kill_queue_group(f->pid, signo, value) == 0)
			return (0);
		if (errno == EAGAIN)
			return (-1);
	}
	return (kill_group(f->pid, signo));
}

/*
 * Send ${signo} with the value that came with it.  A real-time signal goes the
 * same way whoever sent it how: kill(2) does not tell when there is no place
 * in the queue for it.
 */
static int
send(const struct forward *f, const struct signals_info *info, int signo)
{
	bool queue = info->queued || signo > SIGSYS;

	if (f->group || is_key(f, info)) {
		if (send_group(f, signo, queue, info->value) == 0)
			return (0);
		if (errno == EAGAIN)
			return (-1);
	}
	if (queue)
		return (kill_queue(f->pid, signo, info->value));
	return (kill_process(f->pid, signo));
}

/* Send CONT to whoever was stopped. */
static void
send_continue(struct forward *f)
{
	const struct signals_info none = { .signo = SIGCONT };

	if (!f->all_stopped || kill_group(f->pid, SIGCONT) == -1)
		(void)send(f, &none, SIGCONT);
	f->all_stopped = false;
}

/* Does ${signo} ask a program to end? */
static bool
asks_to_end(int signo)
{
	return (signo == SIGTERM || signo == SIGINT || signo == SIGHUP ||
		signo == SIGQUIT);
}

/* Is the command stopped?  Then nothing but KILL and CONT would act. */
static bool
is_stopped(const struct forward *f)
{
	struct proc_fact fact;

	return (proc_stat(f->pid, &fact) == 0 && fact.state == 'T');
}

enum forward_result
forward_signal(struct forward *f, const struct signals_info *info, int *signo)
{
	*signo = f->rewrite[info->signo];
	if (f->pid == 0 || is_ours(info) || *signo == 0)
		return (FORWARD_DROPPED);
	if (*signo == SIGCONT && f->terminal != -1) {
		/* Before it goes on it must have what it was stopped for. */
		if (tty_is_ours(f->terminal))
			(void)tty_give(f->terminal, f->pid);
		if (f->all_stopped) {
			send_continue(f);
			return (FORWARD_SENT);
		}
	}
	if (is_key(f, info) && tty_is_ours(f->terminal))
		(void)tty_give(f->terminal, f->pid);
	if (send(f, info, *signo) == -1)
		return (errno == EAGAIN ? FORWARD_FULL : FORWARD_DROPPED);
	if (asks_to_end(info->signo) || asks_to_end(*signo)) {
		f->asked = *signo;
		if (is_stopped(f))
			send_continue(f);
	}
	return (FORWARD_SENT);
}

bool
forward_stopped(struct forward *f, int signo)
{
	if (f->terminal != -1 &&
	    (signo == SIGTSTP || signo == SIGTTIN || signo == SIGTTOU))
		f->all_stopped = true;
	/* Stopped between the look and the signal, or before it could act. */
	if (f->asked != 0 && proc_pending(f->pid, f->asked)) {
		send_continue(f);
		return (true);
	}
	/* A shell's fg gives us the terminal, and need not say CONT to it. */
	if ((signo == SIGTTIN || signo == SIGTTOU) && f->terminal != -1 &&
	    tty_is_ours(f->terminal) && tty_give(f->terminal, f->pid) == 0) {
		send_continue(f);
		return (true);
	}
	return (false);
}
