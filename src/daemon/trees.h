/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_TREES_H
#define DAEMON_TREES_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opaque types. */
struct daemon;
struct proc_fact;

/*
 * Which processes belong to a service: a snapshot of the descendants of its
 * main process, and those orphans which became our children and carry its
 * session, group or cookie.  core/tree.c decides, os/proc.c knows the facts.
 *
 * Our own children are listed at most once a turn, and the orphans among them
 * looked at only when somebody asks: a service which leaves nothing behind
 * costs one read of one file, whatever the size of the fleet.
 */

/*
 * The variable by which a process is known to be of a run: RUN@PID.START, with
 * our own pid and start time.  Below another sigmund, runs have the same
 * numbers.
 */
#define TREES_COOKIE     "SIGMUND_RUN"
#define TREES_COOKIE_MAX 96

/**
 * trees_open(d):
 * Make ${d}->trees.  Return 0, or -1 with ENOMEM.
 */
int trees_open(struct daemon *);

/**
 * trees_close(d):
 * Release it.
 */
void trees_close(struct daemon *);

/**
 * trees_cookie(d, run, buf):
 * Write the entry of the environment for ${run} to ${buf}.
 */
void trees_cookie(const struct daemon *, uint64_t, char[TREES_COOKIE_MAX]);

/**
 * trees_clear(d):
 * Had we no orphans when somebody asked last?
 */
bool trees_clear(const struct daemon *);

/**
 * trees_new_turn(d):
 * What was listed may not be true any more.
 */
void trees_new_turn(struct daemon *);

/**
 * trees_members(d, i, n):
 * Return the ${n} living processes of service ${i}, and remember them as its
 * members.  They are valid until the next call in this file.
 */
const struct proc_fact *trees_members(struct daemon *, uint32_t, size_t *);

/**
 * trees_has(d, i, pid):
 * Was ${pid} a member of service ${i} when we last looked?  True as well when
 * nothing was remembered.
 */
bool trees_has(const struct daemon *, uint32_t, pid_t);

/**
 * trees_signal(d, i, signo):
 * Send ${signo}, then SIGCONT, to all processes of service ${i}.  Return how
 * many those are, also where one may not be signalled.
 */
size_t trees_signal(struct daemon *, uint32_t, int);

/**
 * trees_send(d, i, signo):
 * The same without the SIGCONT: an operator may want to stop them.  Return
 * how many got it.
 */
size_t trees_send(struct daemon *, uint32_t, int);

/**
 * trees_kill(d, i):
 * End all processes of service ${i} with SIGKILL.  Return how many those
 * were.
 */
size_t trees_kill(struct daemon *, uint32_t);

/**
 * trees_forget(d, i):
 * The run of service ${i} is over.
 */
void trees_forget(struct daemon *, uint32_t);

/**
 * trees_orphans(d, n):
 * Return the ${n} living children of ours which are nobody's main process,
 * valid until the next call in this file.
 */
const struct proc_fact *trees_orphans(struct daemon *, size_t *);

/**
 * trees_list(facts, n, buf, cap):
 * Write "pid 41 (nginx), pid 42 (sh)" about the ${n} processes to ${buf}, cut
 * where it does not fit, and return ${buf}.
 */
const char *trees_list(const struct proc_fact *, size_t, char *, size_t);

#endif /* !DAEMON_TREES_H */
