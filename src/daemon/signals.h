/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_SIGNALS_H
#define DAEMON_SIGNALS_H

/* Opaque types. */
struct daemon;

/*
 * What a signal to us means:
 *
 *	TERM, INT, QUIT	 shut down in order; a second INT without grace
 *	HUP		 update
 *	USR1		 write the status table to the log
 *	USR2		 reopen what is ours on the file system
 *	CHLD		 reap
 */

/**
 * signals_open(d):
 * Heed them from now on.
 */
void signals_open(struct daemon *);

/**
 * signals_close(d):
 * Heed them no more.
 */
void signals_close(struct daemon *);

#endif /* !DAEMON_SIGNALS_H */
