/* SPDX-License-Identifier: MIT */
#ifndef OS_TTY_H
#define OS_TTY_H

#include <sys/types.h>

#include <stdbool.h>

/*
 * The controlling terminal, and which process group reads from it.
 */

/**
 * tty_open():
 * Return a close-on-exec descriptor of our controlling terminal, whatever our
 * standard descriptors are; where there is no /dev/tty, of the one which is
 * among these.  Return -1 when there is none.
 */
int tty_open(void);

/**
 * tty_is_ours(fd):
 * Is our own process group in the foreground of ${fd}?  Where it is not, we
 * were started in the background and must not take the terminal.  SIGTTIN
 * must be blocked.
 */
bool tty_is_ours(int);

/**
 * tty_take(fd, pgid):
 * Put our own process group into the foreground of ${fd} if ${pgid} has that,
 * ended or not: a script which started us would read from the background.
 * SIGTTOU must be blocked.
 */
void tty_take(int, pid_t);

/**
 * tty_give(fd, pgid):
 * Put the process group ${pgid} into the foreground of ${fd}.  SIGTTOU must be
 * blocked: from the background it would stop us.  Return 0, or -1 with errno.
 */
int tty_give(int, pid_t);

#endif /* !OS_TTY_H */
