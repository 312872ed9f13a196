/* SPDX-License-Identifier: MIT */
#ifndef CLI_SOCKET_H
#define CLI_SOCKET_H

#include <stddef.h>

/* Opaque types. */
struct options;

/* Where sigmund may listen: the one which was named, or both defaults. */
#define SOCKET_PLACES 2
#define SOCKET_MAX    256

struct socket_places {
	char address[SOCKET_PLACES][SOCKET_MAX]; /* A path, or "@abstract". */
	size_t n;
};

/**
 * socket_find(places, o):
 * Fill in ${places} in the order in which they are to be tried.
 */
void socket_find(struct socket_places *, const struct options *);

#endif /* !CLI_SOCKET_H */
