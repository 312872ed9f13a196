/* SPDX-License-Identifier: MIT */
#include <assert.h>

#include "os/own.h"

#include "daemon/pids.h"

struct pids_slot {
	pid_t pid; /* 0: free. */
	uint32_t service;
};

int
pids_init(struct pids *t, size_t n)
{
	size_t size = 16;

	/* At most half full, so that a search ends soon. */
	while (size < 2 * n)
		size *= 2;
	t->slots = own_alloc(size * sizeof(*t->slots));
	if (t->slots == NULL)
		return (-1);
	t->mask = size - 1;
	t->n = 0;
	return (0);
}

void
pids_free(struct pids *t)
{
	own_free(t->slots);
	t->slots = NULL;
}

/* Where ${pid} belongs.  Pids come in sequence, which is hash enough. */
static size_t
home(const struct pids *t, pid_t pid)
{
	return ((size_t)pid & t->mask);
}

/* The slot of ${pid}, or the free one where it would stand. */
static size_t
find(const struct pids *t, pid_t pid)
{
	size_t at = home(t, pid);

	while (t->slots[at].pid != 0 && t->slots[at].pid != pid)
		at = (at + 1) & t->mask;
	return (at);
}

void
pids_put(struct pids *t, pid_t pid, uint32_t service)
{
	size_t at = find(t, pid);

	if (t->slots[at].pid == 0)
		t->n++;
	assert(2 * t->n <= t->mask + 1);
	t->slots[at] = (struct pids_slot){ pid, service };
}

uint32_t
pids_get(const struct pids *t, pid_t pid)
{
	size_t at;

	if (t->slots == NULL)
		return (PIDS_NOBODY);
	at = find(t, pid);
	return (t->slots[at].pid == 0 ? PIDS_NOBODY : t->slots[at].service);
}

uint32_t
pids_take(struct pids *t, pid_t pid)
{
	uint32_t service = pids_get(t, pid);
	size_t hole, at;

	if (service == PIDS_NOBODY)
		return (service);
	/* Move up those which stand behind only because this was taken. */
	hole = find(t, pid);
	for (at = (hole + 1) & t->mask; t->slots[at].pid != 0;
	     at = (at + 1) & t->mask) {
		if (((at - home(t, t->slots[at].pid)) & t->mask) >=
		    ((at - hole) & t->mask)) {
			t->slots[hole] = t->slots[at];
			hole = at;
		}
	}
	t->slots[hole].pid = 0;
	t->n--;
	return (service);
}
