/* SPDX-License-Identifier: MIT */
#ifndef OS_KILL_H
#define OS_KILL_H

#include <sys/types.h>

#include <stdint.h>

/*
 * The only kill.  Nothing here signals pid 1, everybody, our own group or
 * ourselves, whatever it is given: a number at or below 1 and our own are
 * refused with EINVAL.  All return 0, or -1 with errno; ESRCH means that it
 * is gone.
 */

/**
 * kill_process(pid, signo):
 * Send ${signo} to our own child ${pid}, which must be unreaped: only then is
 * the number surely its.  An ended one takes any signal, without effect.
 */
int kill_process(pid_t, int);

/**
 * kill_group(pgid, signo):
 * Send ${signo} to the process group ${pgid}, whose number must be pinned by
 * its unreaped leader or by any unreaped child of ours in it.
 */
int kill_group(pid_t, int);

/**
 * kill_verified(pid, start_ticks, signo):
 * Send ${signo} to any process ${pid}, but only if it began at
 * ${start_ticks} (os/proc.h); otherwise ESRCH.  The kernel without pidfds
 * leaves a gap of microseconds between the look and the signal.
 */
int kill_verified(pid_t, uint64_t, int);

/**
 * kill_pidfd(fd, signo):
 * Send ${signo} to the process behind the pidfd ${fd}.
 */
int kill_pidfd(int, int);

/**
 * kill_queue(pid, signo, value):
 * As kill_process(), with a place in the queue and ${value}: a real-time
 * signal then arrives as often as it was sent, or the call fails with EAGAIN
 * while the queue is full.
 */
int kill_queue(pid_t, int, void *);

/**
 * kill_queue_group(pgid, signo, value):
 * The same for the process group which the unreaped ${pgid} leads.  Where the
 * kernel is older than Linux 6.9, or ${pgid} does not lead a group yet: -1
 * with EINVAL or ENOSYS.
 */
int kill_queue_group(pid_t, int, void *);

/**
 * kill_self(signo):
 * Send ${signo} to ourselves.
 */
int kill_self(int);

#endif /* !OS_KILL_H */
