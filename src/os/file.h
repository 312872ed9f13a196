/* SPDX-License-Identifier: MIT */
#ifndef OS_FILE_H
#define OS_FILE_H

#include <sys/types.h>

#include <stddef.h>

/*
 * Small files of our own: replaced as a whole or not at all, and one which is
 * mapped, so that what we store there survives us however we end.  Nothing
 * is synced, deliberately: a killed process loses nothing, and what a power
 * cut takes names processes which it has taken too.
 */

/* Opaque types. */
struct err;

struct file_map {
	int fd;
	void *base;
	size_t size;
};

/**
 * file_map_create(path, size, map, err):
 * Make a new file of ${size} zeroed bytes with mode 0600, under a temporary
 * name beside ${path}, and map it shared and writable.  Its blocks are there:
 * a full disk is found here and not by a SIGBUS later.  What is at ${path}
 * stays until file_map_publish().  Return 0, or -1 with ${err}.
 */
int file_map_create(const char *, size_t, struct file_map *, struct err *);

/**
 * file_map_publish(path, err):
 * Let the file which file_map_create() made for ${path} take its place.
 * Return 0, or -1 with ${err} and nothing changed.
 */
int file_map_publish(const char *, struct err *);

/**
 * file_map_close(map):
 * Unmap and close; the file stays.
 */
void file_map_close(struct file_map *);

/**
 * file_replace(path, bytes, len, mode, err):
 * Make the file ${path} consist of ${bytes}, by way of a temporary one beside
 * it and a rename.  Return 0, or -1 with ${err} and the old file as it was.
 */
int file_replace(const char *, const void *, size_t, mode_t, struct err *);

/**
 * file_load(path, buf, cap):
 * Read the regular file ${path} into ${buf}.  Return its length, or -1 with
 * errno, EFBIG when it does not fit.  Deliberately a copy: a file which
 * somebody else may cut short must not be mapped.
 */
ssize_t file_load(const char *, void *, size_t);

#endif /* !OS_FILE_H */
