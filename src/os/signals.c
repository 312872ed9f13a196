/* SPDX-License-Identifier: MIT */
#include <sys/signalfd.h>
#include <sys/syscall.h>

#include <errno.h>
#include <poll.h>
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
signals_default(const sigset_t *set)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	int signo;

	/* Fails for KILL and STOP, which are never anything else. */
	for (signo = 1; signo <= SIGRTMAX; signo++)
		if (set == NULL || sigismember(set, signo) == 1)
			(void)sigaction(signo, &sa, NULL);
	if (set == NULL)
		default_hidden();
}

void
signals_handled(sigset_t *set)
{
	struct sigaction sa;
	int signo;

	(void)sigemptyset(set);
	for (signo = 1; signo <= SIGRTMAX; signo++)
		if (sigaction(signo, NULL, &sa) == 0 &&
		    sa.sa_handler != SIG_DFL)
			(void)sigaddset(set, signo);
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

/*
 * The system calls themselves: sigfillset() and sigprocmask() leave the
 * numbers out which the library keeps to itself, and one of these from
 * outside would end us instead of being passed on.  The kernel's mask is the
 * first 64 bits of a sigset_t.
 */
void
signals_block(sigset_t *old)
{
	uint64_t all = ~UINT64_C(0);

	(void)sigemptyset(old);
	/* Cannot fail: the sets are ours and the operation is known. */
	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, old, sizeof(all));
}

void
signals_restore(const sigset_t *old)
{
	(void)syscall(
	    SYS_rt_sigprocmask, SIG_SETMASK, old, NULL, sizeof(uint64_t));
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
	uint64_t all = ~UINT64_C(0);

	return (
	    (int)syscall(SYS_signalfd4, -1, &all, sizeof(all), SFD_CLOEXEC));
}

void
signals_fd_realtime(int fd, bool wanted)
{
	/* Number N is bit N - 1; SIGSYS is the last which is not real-time. */
	uint64_t mask = wanted ? ~UINT64_C(0) : (UINT64_C(1) << SIGSYS) - 1;

	/* Cannot fail: it is a signalfd, and nothing is allocated. */
	(void)syscall(SYS_signalfd4, fd, &mask, sizeof(mask), 0);
}

int
signals_wait(int fd, int ms, struct signals_info *info)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct signalfd_siginfo si;
	ssize_t n;

	/* Nobody else reads it: what is there now stays there. */
	if (ms >= 0 && poll(&pfd, 1, ms) != 1)
		return (0);
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
