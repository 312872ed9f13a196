/* SPDX-License-Identifier: MIT */
#ifndef CONF_FILE_H
#define CONF_FILE_H

#include <stddef.h>

/* Opaque types. */
struct err;

#define FILE_BYTES_MAX ((size_t)64 * 1024 * 1024)

/**
 * file_read(path, len, err):
 * Return all of the regular file ${path} in memory of its own, its length in
 * ${len}; or NULL.  Never waits for another process: what is not a regular
 * file (a FIFO, a device, a directory) is refused.
 */
char *file_read(const char *, size_t *, struct err *);

/**
 * file_absolute(path):
 * Return ${path} as an absolute path without "." and "..", not looking at
 * symbolic links, in memory of its own; or NULL.
 */
char *file_absolute(const char *);

/**
 * file_directory(path):
 * Return the directory part of ${path} ("." where it has none) in memory of
 * its own; or NULL.
 */
char *file_directory(const char *);

#endif /* !CONF_FILE_H */
