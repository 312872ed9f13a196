/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>

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

/* Send ${signo} with all that came with it. */
static int
send(const struct forward *f, const struct signals_info *info, int signo)
{
	/* A group has no queue to be in: kill(2) knows no value. */
	if (f->group && kill_group(f->pid, signo) == 0)
		return (0);
	if (signo >= SIGRTMIN)
		return (kill_queue(f->pid, signo, info->value));
	return (kill_process(f->pid, signo));
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
forward_signal(
    const struct forward *f, const struct signals_info *info, int *signo)
{
	*signo = f->rewrite[info->signo];
	if (f->pid == 0 || is_ours(info) || *signo == 0)
		return (FORWARD_DROPPED);
	/* Before it goes on it must have what it was stopped for. */
	if (*signo == SIGCONT && f->terminal != -1 && tty_is_ours(f->terminal))
		(void)tty_give(f->terminal, f->pid);
	if (send(f, info, *signo) == -1)
		return (errno == EAGAIN ? FORWARD_FULL : FORWARD_DROPPED);
	if (asks_to_end(*signo) && is_stopped(f))
		(void)send(f, info, SIGCONT);
	return (FORWARD_SENT);
}
