/* SPDX-License-Identifier: MIT */
#include <sys/syscall.h>

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "os/kill.h"
#include "os/pidfd.h"
#include "os/proc.h"

/* May ${pid} be signalled at all?  The failed fork's -1 may not. */
static bool
is_target(pid_t pid)
{
	if (pid > 1 && pid != getpid())
		return (true);
	errno = EINVAL;
	return (false);
}

int
kill_process(pid_t pid, int signo)
{
	return (is_target(pid) ? kill(pid, signo) : -1);
}

int
kill_group(pid_t pgid, int signo)
{
	if (pgid <= 1 || pgid == getpgrp()) {
		errno = EINVAL;
		return (-1);
	}
	return (kill(-pgid, signo));
}

/* Send to the number, after a look at who has it. */
static int
kill_looked_up(pid_t pid, uint64_t start_ticks, int signo)
{
	struct proc_fact fact;

	if (proc_stat(pid, &fact) == 0 && fact.start_ticks == start_ticks)
		return (kill(pid, signo));
	errno = ESRCH;
	return (-1);
}

int
kill_verified(pid_t pid, uint64_t start_ticks, int signo)
{
	int fd, rc, code;

	if (!is_target(pid))
		return (-1);
	if ((fd = pidfd_open_verified(pid, start_ticks)) == -1) {
		/* No such process is an answer; no descriptor is none. */
		return (errno == ESRCH
			    ? -1
			    : kill_looked_up(pid, start_ticks, signo));
	}
	rc = kill_pidfd(fd, signo);
	code = errno;
	(void)close(fd);
	/* A sandbox may forbid the call; of the others kill() says the same. */
	if (rc == -1 && (code == ENOSYS || code == EPERM || code == EINVAL))
		return (kill_looked_up(pid, start_ticks, signo));
	errno = code;
	return (rc);
}

int
kill_pidfd(int fd, int signo)
{
#ifdef SYS_pidfd_send_signal
	return ((int)syscall(SYS_pidfd_send_signal, fd, signo, NULL, 0));
#else
	(void)fd;
	(void)signo;
	errno = ENOSYS;
	return (-1);
#endif
}

int
kill_queue(pid_t pid, int signo, void *value)
{
	const union sigval v = { .sival_ptr = value };

	return (is_target(pid) ? sigqueue(pid, signo, v) : -1);
}

/* Linux 6.9; not in the headers of older systems. */
#ifndef PIDFD_SIGNAL_PROCESS_GROUP
#define PIDFD_SIGNAL_PROCESS_GROUP (1U << 2)
#endif

int
kill_queue_group(pid_t pgid, int signo, void *value)
{
	siginfo_t info = { .si_signo = signo };
	int fd, rc, code;

	if (pgid <= 1 || pgid == getpgrp()) {
		errno = EINVAL;
		return (-1);
	}
	if ((fd = pidfd_open_child(pgid)) == -1)
		return (-1);
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_ptr = value;
#ifdef SYS_pidfd_send_signal
	rc = (int)syscall(SYS_pidfd_send_signal, fd, signo, &info,
	    PIDFD_SIGNAL_PROCESS_GROUP);
	code = errno;
#else
	rc = -1;
	code = ENOSYS;
#endif
	(void)close(fd);
	errno = code;
	return (rc);
}

int
kill_self(int signo)
{
	return (kill(getpid(), signo));
}
