/* SPDX-License-Identifier: MIT */
#include <sys/signalfd.h>
#include <sys/syscall.h>

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "os/signals.h"

/*
 * The libraries keep one to three numbers below SIGRTMIN to themselves and
 * refuse them in sigaction(); a launcher may have them ignored all the same.
 * To the kernel a sigaction of zero bytes is the default action, whatever the
 * order of its members.
 */
static void
default_hidden(void)
{
	static const char zero[256];
	int signo;

	for (signo = SIGSYS + 1; signo < SIGRTMIN; signo++)
		(void)syscall(SYS_rt_sigaction, signo, zero, NULL, _NSIG / 8);
}

void
signals_default(void)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	int signo;

	/* Fails for KILL and STOP, which are never anything else. */
	for (signo = 1; signo <= SIGRTMAX; signo++)
		(void)sigaction(signo, &sa, NULL);
	default_hidden();
}

void
signals_heed(void)
{
	struct sigaction sa, reset = { .sa_handler = SIG_DFL };
	int signo;

	for (signo = 1; signo <= SIGRTMAX; signo++)
		if (sigaction(signo, NULL, &sa) == 0 &&
		    sa.sa_handler == SIG_IGN)
			(void)sigaction(signo, &reset, NULL);
	default_hidden();
}

void
signals_block(sigset_t *old)
{
	sigset_t all;

	(void)sigfillset(&all);
	/* Cannot fail: the sets are ours and the operation is known. */
	(void)sigprocmask(SIG_SETMASK, &all, old);
}

void
signals_unblock(void)
{
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

void
signals_ignored(sigset_t *set)
{
	struct sigaction sa;
	int signo;

	(void)sigemptyset(set);
	for (signo = 1; signo <= SIGRTMAX; signo++)
		if (sigaction(signo, NULL, &sa) == 0 &&
		    sa.sa_handler == SIG_IGN)
			(void)sigaddset(set, signo);
}

void
signals_ignore(const sigset_t *set)
{
	struct sigaction sa = { .sa_handler = SIG_IGN };
	int signo;

	for (signo = 1; signo <= SIGRTMAX; signo++)
		if (sigismember(set, signo) == 1)
			(void)sigaction(signo, &sa, NULL);
}

int
signals_fd(void)
{
	sigset_t all;

	(void)sigfillset(&all);
	return (signalfd(-1, &all, SFD_NONBLOCK | SFD_CLOEXEC));
}

int
signals_read(int fd, struct signals_info *info)
{
	struct signalfd_siginfo si;
	ssize_t n;

	do
		n = read(fd, &si, sizeof(si));
	while (n == -1 && errno == EINTR);
	if (n != (ssize_t)sizeof(si))
		return (0);
	*info = (struct signals_info){
		.signo = (int)si.ssi_signo,
		.sent = si.ssi_code <= 0,
		.queued = si.ssi_code == SI_QUEUE,
		.value = (void *)(uintptr_t)si.ssi_ptr,
		.pid = (pid_t)si.ssi_pid,
	};
	return (1);
}
