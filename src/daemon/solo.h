/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_SOLO_H
#define DAEMON_SOLO_H

/* Opaque types. */
struct solo_options;

/**
 * solo(options, environ):
 * Be the init of the one command which ${options} name: pass every signal on
 * to it, reap what becomes ours, end what it leaves behind, and return what
 * to exit with: its exit code, 128+N where signal N killed it, 127 where it
 * was not found, 126 where it could not be executed.  Opens no socket and no
 * file but the terminal, and needs no path which can be written.
 */
int solo(const struct solo_options *, char *const *);

#endif /* !DAEMON_SOLO_H */
