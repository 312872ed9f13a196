/* SPDX-License-Identifier: MIT */
#include <sys/epoll.h>

#include "os/watch.h"

/* What is left over is told the next time. */
#define WATCH_MOST 64

int
watch_open(void)
{
	return (epoll_create1(EPOLL_CLOEXEC));
}

int
watch_add(int set, int fd, void *arg)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = arg };

	return (epoll_ctl(set, EPOLL_CTL_ADD, fd, &event));
}

void
watch_remove(int set, int fd)
{
	/* It is in the set, so that this cannot fail. */
	(void)epoll_ctl(set, EPOLL_CTL_DEL, fd, NULL);
}

size_t
watch_ready(int set, void **args, size_t cap)
{
	struct epoll_event events[WATCH_MOST];
	int i, n;

	if (cap > WATCH_MOST)
		cap = WATCH_MOST;
	if ((n = epoll_wait(set, events, (int)cap, 0)) == -1)
		return (0);
	for (i = 0; i < n; i++)
		args[i] = events[i].data.ptr;
	return ((size_t)n);
}
