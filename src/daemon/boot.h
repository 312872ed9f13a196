/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_BOOT_H
#define DAEMON_BOOT_H

/* Opaque types. */
struct options;

/**
 * boot(options, environ):
 * Supervise the programs of the configuration which ${options} name until we
 * are told to stop, and return the exit code.
 */
int boot(const struct options *, char *const *);

#endif /* !DAEMON_BOOT_H */
