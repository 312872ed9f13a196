/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_BIRTHS_H
#define DAEMON_BIRTHS_H

#include <stdint.h>

/* Opaque types. */
struct child;
struct daemon;
struct err;

/*
 * From a definition to a process.  Fork is synchronous, so the pid is known
 * when births_begin() returns; whether the exec worked is told later, through
 * ${told}, once.
 */

/* What became of an exec: ${code} 0, or errno and stage where it failed. */
typedef void births_told(
    struct daemon *, uint32_t, uint64_t run, int code, int stage);

/**
 * births_open(d):
 * Make ${d}->births, in its loop.  Return 0, or -1 with errno.
 */
int births_open(struct daemon *);

/**
 * births_close(d):
 * Release it; no birth is awaited any more.
 */
void births_close(struct daemon *);

/**
 * births_begin(d, i, told, err):
 * Fork the main process of service ${i}, whose run has been asked for.
 * Return its pid, or -1 with ${err}; its code is errno.
 */
int births_begin(struct daemon *, uint32_t, births_told *, struct err *);

/**
 * births_settle(d, i):
 * The main process of service ${i} has been reaped: if nobody has told yet
 * what became of its exec, tell now.
 */
void births_settle(struct daemon *, uint32_t);

/**
 * births_move(child, i, from):
 * What ${from} was is ${child} now, and stands beside service ${i}; ${from}
 * has nothing any more.
 */
void births_move(struct child *, uint32_t, struct child *);

/**
 * births_forget(d, i):
 * Release what is kept of the births of service ${i}, which are over.
 */
void births_forget(struct daemon *, uint32_t);

#endif /* !DAEMON_BIRTHS_H */
