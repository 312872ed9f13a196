/* SPDX-License-Identifier: MIT */
#ifndef OS_WATCH_H
#define OS_WATCH_H

#include <stddef.h>

/*
 * A set of descriptors of which any may become readable, which is itself a
 * descriptor that is readable then.
 *
 * For those which are closed while children are born.  A child has a copy of
 * each descriptor until its exec, and what we have closed stays in an epoll
 * set for as long.  A loop which relies on close() alone is told about it
 * again and again, and libev then makes its whole set anew each time.  Here
 * what is closed is taken out first.
 */

/**
 * watch_open():
 * Return an empty set, close-on-exec, or -1 with errno.
 */
int watch_open(void);

/**
 * watch_add(set, fd, arg):
 * From now on ${set} is readable when ${fd} is, or is at its end, and tells
 * ${arg}.  Return 0, or -1 with errno.
 */
int watch_add(int, int, void *);

/**
 * watch_remove(set, fd):
 * Take ${fd} out of ${set}; to be called before it is closed.
 */
void watch_remove(int, int);

/**
 * watch_ready(set, args, cap):
 * Fill ${args} with what was given for up to ${cap} descriptors which are
 * readable, and return how many.  Does not wait.
 */
size_t watch_ready(int, void **, size_t);

#endif /* !OS_WATCH_H */
