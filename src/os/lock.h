/* SPDX-License-Identifier: MIT */
#ifndef OS_LOCK_H
#define OS_LOCK_H

#include <sys/types.h>

/*
 * Who is alive on a runtime directory: the process which holds the lock.  A
 * record lock: a child does not inherit it, the kernel drops it however the
 * holder ends, and it tells the holder's pid.  The file stays when the holder
 * ends, deliberately: one who unlinks it may unlink another's.
 *
 * Closing any descriptor of the file drops the lock, so nothing else in the
 * process may open it.
 */

/* Opaque types. */
struct err;

/**
 * lock_acquire(path, fd, holder, err):
 * Take the lock on the file ${path}, made with mode 0600 where it is missing,
 * write our pid into it and store in ${fd} what to keep open, close-on-exec,
 * above 2.  Return 0.  Return 1 with ${holder} filled when another process
 * has it (0 when its pid cannot be told).  Return -1 with ${err} when there
 * is no such file to be had; a symbolic link is refused.
 */
int lock_acquire(const char *, int *, pid_t *, struct err *);

#endif /* !OS_LOCK_H */
