/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_SOLO_COMMAND_H
#define DAEMON_SOLO_COMMAND_H

#include <signal.h>

/* Opaque types. */
struct child_report;
struct err;
struct solo_options;
struct spawned;

/*
 * The birth of the one command, and what it means when it fails.
 */
struct solo_command {
	const struct solo_options *options;
	char *const *environ;
	const sigset_t *ignored; /* What was ignored when we were started. */
	int terminal;            /* Our controlling terminal, or -1. */
};

/**
 * solo_command_start(c, spawned, err):
 * Fork the command with the descriptors, the environment and the directory
 * which are ours, in a process group of its own; in the foreground of the
 * terminal where we are.  Fill ${spawned}.  Return 0, or -1 with ${err}.
 */
int solo_command_start(
    const struct solo_command *, struct spawned *, struct err *);

/**
 * solo_command_failed(report):
 * Return what to exit with when this was why nothing was executed: 127 where
 * the command was not found, or 126.
 */
int solo_command_failed(const struct child_report *);

#endif /* !DAEMON_SOLO_COMMAND_H */
