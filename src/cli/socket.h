/* SPDX-License-Identifier: MIT */
#ifndef CLI_SOCKET_H
#define CLI_SOCKET_H

#include "conf/find.h"

/* Opaque types. */
struct err;
struct options;

/**
 * socket_find(address, o, err):
 * Write to ${address} where sigmund listens, a path or "@abstract": what -s
 * says; what the configuration of -c says; $SIGMUND_SOCKET; what the
 * configuration that sigmund would find says; the default.  Return 0, or -1
 * and ${err}.
 */
int socket_find(char[FIND_PATH_MAX], const struct options *, struct err *);

#endif /* !CLI_SOCKET_H */
