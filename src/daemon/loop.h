/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_LOOP_H
#define DAEMON_LOOP_H

/* Opaque types. */
struct ev_loop;

/**
 * loop_open():
 * Return an event loop of our own, never libev's default one, which would
 * reap every child behind our back.  libev aborts when it finds no memory, so
 * that it gets an address range which is reserved here and cannot be refused
 * later.  Return NULL with errno.
 */
struct ev_loop *loop_open(void);

#endif /* !DAEMON_LOOP_H */
