/* SPDX-License-Identifier: MIT */
#ifndef OS_PIDFD_H
#define OS_PIDFD_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

/*
 * Handles on processes which are not our children.  They name one process
 * for ever and become readable when it ends.  Kernels before 5.3 and strict
 * sandboxes have none: then these fail with ENOSYS.
 */

/**
 * pidfd_open_verified(pid, start_ticks):
 * Return a close-on-exec pidfd of the process ${pid} which began at
 * ${start_ticks} (os/proc.h), or -1: ESRCH when there is no such process any
 * more, ENOSYS when there are no pidfds.
 */
int pidfd_open_verified(pid_t, uint64_t);

/**
 * pidfd_open_child(pid):
 * The same of our own child ${pid}, which must be unreaped: only then is the
 * number surely its.
 */
int pidfd_open_child(pid_t);

/**
 * pidfd_alive(fd):
 * Has the process behind ${fd} not ended yet?  A zombie has.
 */
bool pidfd_alive(int);

#endif /* !OS_PIDFD_H */
