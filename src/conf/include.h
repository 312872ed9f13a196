/* SPDX-License-Identifier: MIT */
#ifndef CONF_INCLUDE_H
#define CONF_INCLUDE_H

/* Opaque types. */
struct loader;

/**
 * include_read(l):
 * Add the files which the [include] section of the main file names to the
 * document; what they include themselves is not followed.
 */
void include_read(struct loader *);

#endif /* !CONF_INCLUDE_H */
