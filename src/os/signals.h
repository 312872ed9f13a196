/* SPDX-License-Identifier: MIT */
#ifndef OS_SIGNALS_H
#define OS_SIGNALS_H

#include <sys/types.h>

#include <signal.h>
#include <stdbool.h>

/**
 * signals_default(set):
 * Give every signal in ${set} its default action; with NULL every one that
 * there is, those too which the C library keeps for itself and hides.
 */
void signals_default(const sigset_t *);

/**
 * signals_handled(set):
 * Store in ${set} which signals have another action than the default.
 */
void signals_handled(sigset_t *);

/**
 * signals_heed():
 * Give those signals which are ignored their default action, and leave the
 * handlers alone.
 */
void signals_heed(void);

/**
 * signals_block(old):
 * Block every signal, those too which the C library hides, and store the mask
 * of before in ${old}.
 */
void signals_block(sigset_t *);

/**
 * signals_restore(old):
 * Make ${old} the signal mask, with those which the C library hides.
 */
void signals_restore(const sigset_t *);

/**
 * signals_unblock():
 * Empty the signal mask.
 */
void signals_unblock(void);

/**
 * signals_ignored(set):
 * Store in ${set} which signals are ignored.
 */
void signals_ignored(sigset_t *);

/**
 * signals_ignore(set):
 * Ignore each signal in ${set}.
 */
void signals_ignore(const sigset_t *);

/**
 * signals_fd():
 * Return a close-on-exec descriptor for signals_wait(), all signals being
 * blocked: so real-time signals come one by one and in their order.  Return
 * -1 with errno.
 */
int signals_fd(void);

/**
 * signals_fd_realtime(fd, wanted):
 * Let ${fd}, from signals_fd(), give real-time signals or, unless ${wanted},
 * leave them in the queue, where they keep their order.
 */
void signals_fd_realtime(int, bool);

/* A signal which was read. */
struct signals_info {
	int signo;
	bool sent;   /* By a process, and not by the kernel. */
	bool queued; /* With a value: sigqueue(3). */
	void *value;
	pid_t pid; /* Of the sender, where it was sent. */
};

/**
 * signals_wait(fd, ms, info):
 * Wait for the next signal, no longer than ${ms}; below 0: without limit.
 * Return 1, or 0 when there was none.
 */
int signals_wait(int, int, struct signals_info *);

#endif /* !OS_SIGNALS_H */
