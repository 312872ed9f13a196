/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_FORWARD_H
#define DAEMON_FORWARD_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

/* Opaque types. */
struct signals_info;

/*
 * Passes a signal on: every one which can be, once each, real-time signals in
 * their order, and all with their values.
 */
struct forward {
	pid_t pid;              /* To whom; 0: to nobody any more. */
	bool group;             /* To its process group. */
	int terminal;           /* Our controlling terminal, or -1. */
	int asked;              /* What asked it to end most lately, or 0. */
	bool all_stopped;       /* Its group was, by the terminal. */
	const uint8_t *rewrite; /* By number: what to send, 0 for nothing. */
};

enum forward_result {
	FORWARD_SENT,
	FORWARD_DROPPED, /* It is ours, or unwanted, or there is nobody. */
	FORWARD_FULL     /* The queue of the receiver is: once more, later. */
};

/**
 * forward_signal(f, info, signo):
 * Pass on the signal of ${info}; ${signo} is what was sent.
 *
 * CHLD is ours; TTIN and TTOU from the kernel are about our own use of the
 * terminal.  With CONT the terminal is passed on too, where we have it, and to
 * all of the group if the terminal has stopped it.  What asks a command to end
 * is followed by CONT if the command is stopped.  What a key of the terminal
 * has sent to our group goes to all of the command's.
 */
enum forward_result forward_signal(
    struct forward *, const struct signals_info *, int *);

/**
 * forward_stopped(f, signo):
 * The command was stopped by ${signo}.  Return whether it goes on again, for
 * it had been asked to end and has not heard of it yet, or it wanted the
 * terminal and we could give it.
 */
bool forward_stopped(struct forward *, int);

#endif /* !DAEMON_FORWARD_H */
