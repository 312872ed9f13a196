/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_ONCE_H
#define DAEMON_ONCE_H

#include <stdbool.h>
#include <stdint.h>

/* Opaque types. */
struct daemon;
struct err;

/*
 * Nothing runs twice.  A lock says which sigmund is alive on a socket; the
 * state file says what an earlier one, which was killed, has left running.
 * Both lie in the runtime directory, named after the socket.  Where no
 * directory can be written there is neither: then the abstract socket, which
 * only one can have, is the lock.
 *
 * Socket and state file are the only files which we touch while services run,
 * the latter made anew by an update and otherwise written through its mapping.
 * The directory is to be one which cannot hang, such as /run.
 */

enum takeover {
	TAKEOVER_REFUSE, /* Do not start while an earlier run is alive. */
	TAKEOVER_STOP    /* Stop those first. */
};

/**
 * once_open(d, takeover, err):
 * Take the lock which belongs to ${d}->address, and deal with what an earlier
 * sigmund left as ${takeover} says.  Waits for what it stops, for as long as
 * that has grace.  Return 0, or -1 with ${err}: another one is alive, or one
 * of its services.
 */
int once_open(struct daemon *, enum takeover, struct err *);

/**
 * once_close(d):
 * We end.  Forget the state, unless a process is left which survives us.
 */
void once_close(struct daemon *);

/**
 * once_first_run(d):
 * Return the number for our first run: none which ever was.
 */
uint64_t once_first_run(const struct daemon *);

/**
 * once_rebuild(d):
 * ${d}->sv has other services than before: write a new state file.  Without
 * room for it there is none, which is logged.
 */
void once_rebuild(struct daemon *);

/**
 * once_forking(d, i):
 * once_running(d, i):
 * once_ended(d, i):
 * once_wish(d, i):
 * Note what becomes of service ${i}.  No system call.
 */
void once_forking(struct daemon *, uint32_t);
void once_running(struct daemon *, uint32_t);
void once_ended(struct daemon *, uint32_t);
void once_wish(struct daemon *, uint32_t);

#endif /* !DAEMON_ONCE_H */
