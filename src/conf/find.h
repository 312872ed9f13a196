/* SPDX-License-Identifier: MIT */
#ifndef CONF_FIND_H
#define CONF_FIND_H

#include <stddef.h>

/*
 * Where the configuration and the control socket are, where nobody says so.
 * sigmund and sigctl look in the same places, in the same order.
 */

#define FIND_PATH_MAX 4096

/**
 * find_config_place(i):
 * Return the ${i}-th place where a configuration is sought, from 0, for
 * messages; NULL behind the last.
 */
const char *find_config_place(size_t);

/**
 * find_config(buf):
 * Write the path of the first configuration which is there to ${buf}.  Return
 * -1, with errno, where there is none.  $SIGMUND_CONFIG, if set, is the only
 * place.
 */
int find_config(char[FIND_PATH_MAX]);

/**
 * find_socket(buf, configured):
 * Write to ${buf} where the control socket is: ${configured} (a config's
 * ${socket}) unless NULL; for root in /run/sigmund; in $XDG_RUNTIME_DIR; or
 * where none of these can be, the name of an abstract socket, "@sigmund/..."
 * by pid namespace and user.  Return -1, with errno, where the name is too
 * long for a socket.
 */
int find_socket(char[FIND_PATH_MAX], const char *);

#endif /* !CONF_FIND_H */
