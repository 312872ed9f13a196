/* SPDX-License-Identifier: MIT */
#include <sys/eventfd.h>
#include <sys/mman.h>

#include <ev.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "daemon/loop.h"

/*
 * libev's arrays grow by doubling, one entry a descriptor or timer: several
 * hundred thousand descriptors fit.  What is not touched costs nothing.  Where
 * the address space is limited, less has to do, and does for thousands.
 */
#define LOOP_BYTES     ((size_t)32 << 20)
#define LOOP_BYTES_MIN ((size_t)1 << 20)

/* While the kernel has no descriptor or memory for libev. */
#define SHORTAGE_MS 10

/*
 * The allocator has no argument to carry a pointer, so that this is the one
 * variable of ours which outlives a function.
 */
static struct {
	char *base;
	size_t size;
	size_t used;
} memory;

/* Nothing to do: see loop_open(). */
static void
ignore(struct ev_loop *loop, struct ev_periodic *w, int revents)
{
	(void)loop;
	(void)w;
	(void)revents;
}

/* In front of each piece stands its size. */
struct piece {
	size_t size;
	size_t pad;
};

/* Hand out ${size} bytes; what was handed out before is not used again. */
static void *
take(size_t size)
{
	struct piece *piece;

	size = (size + 15) & ~(size_t)15;
	if (size + sizeof(*piece) > memory.size - memory.used)
		return (NULL);
	piece = (void *)(memory.base + memory.used);
	piece->size = size;
	memory.used += sizeof(*piece) + size;
	return (piece + 1);
}

static void *
allocate(void *old, long size)
{
	const struct piece *piece =
	    old == NULL ? NULL : (struct piece *)old - 1;
	void *new;

	if (size <= 0)
		return (NULL);
	if (piece != NULL && piece->size >= (size_t)size)
		return (old);
	new = take((size_t)size);
	if (new != NULL && piece != NULL)
		memcpy(new, old, piece->size);
	return (new);
}

/*
 * What libev cannot do without (another epoll, when a child has held on to
 * descriptors of the old one) it asks for until it gets it.  Without this it
 * would abort; with it, what is short just now has time to come back.
 */
static void
bide(const char *what)
{
	(void)what;
	(void)poll(NULL, 0, SHORTAGE_MS);
}

/* At the beginning there is nothing to be lost by a refusal. */
static bool
has_means(void)
{
	int fd = eventfd(0, EFD_CLOEXEC);

	if (fd == -1)
		return (false);
	(void)close(fd);
	return (true);
}

/* Reserve what the system lets us have. */
static int
reserve(void)
{
	size_t size;
	void *base;

	for (size = LOOP_BYTES; size >= LOOP_BYTES_MIN; size /= 4) {
		base = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (base == MAP_FAILED)
			continue;
		memory.base = base;
		memory.size = size;
		return (0);
	}
	return (-1);
}

struct ev_loop *
loop_open(void)
{
	struct ev_periodic periodic;
	struct ev_loop *loop;

	if (reserve() == -1 || !has_means())
		return (NULL);
	ev_set_allocator(allocate);
	ev_set_syserr_cb(bide);
	/* No EVFLAG_SIGNALFD: it would leave signals blocked in children. */
	if ((loop = ev_loop_new(EVFLAG_NOENV)) == NULL)
		return (NULL);
	/*
	 * With nothing to do libev wakes once a minute to see whether the wall
	 * clock was set.  From the first periodic watcher on the kernel tells
	 * it that, and it sleeps.
	 */
	ev_periodic_init(&periodic, ignore, 0., 1e9, NULL);
	ev_periodic_start(loop, &periodic);
	ev_periodic_stop(loop, &periodic);
	return (loop);
}
