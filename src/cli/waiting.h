/* SPDX-License-Identifier: MIT */
#ifndef CLI_WAITING_H
#define CLI_WAITING_H

#include <stddef.h>

#include "wire/answer.h"

#include "cli/goal.h"

/*
 * The services which a command waits for.  Begun with the reply, which shows
 * them as they were before the command acted, and fed with the events which
 * follow; both come over one connection in the order in which they happened,
 * so that nothing can be missed.
 */
struct waiter {
	enum goal goal;
	uint64_t run_before;
	enum verdict verdict;
	bool already;             /* It was so before the command. */
	struct wire_service last; /* Texts lie in ${answer}, or the reply. */
	struct answer answer;
};

struct waiting {
	struct waiter *waiters; /* In the order of the reply. */
	size_t n;
	struct waiter **by_name;
	size_t nopen;
	size_t nfailed;
};

/**
 * waiting_init(w, reply, goal):
 * Wait with ${goal} for all services of ${reply}, which must outlive ${w};
 * for those which it says are removed, wait until they are gone.  Return 0,
 * or -1 for no memory.
 */
int waiting_init(struct waiting *, const struct reply *, enum goal);

/**
 * waiting_free(w):
 * Release what ${w} holds.
 */
void waiting_free(struct waiting *);

/**
 * waiting_event(w, answer):
 * Take over ${answer}, an event.  Return the waiter which it has changed, or
 * NULL if it is about nothing we wait for, or still wait for.
 */
struct waiter *waiting_event(struct waiting *, struct answer *);

#endif /* !CLI_WAITING_H */
