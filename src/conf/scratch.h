/* SPDX-License-Identifier: MIT */
#ifndef CONF_SCRATCH_H
#define CONF_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Memory which one load needs and gives back as one.  A failed allocation
 * stays remembered in ${failed}.  All zeroes is an empty scratch.
 */
struct scratch {
	struct scratch_block *blocks; /* The one in use first. */
	bool failed;
};

/**
 * scratch_alloc(s, size):
 * Return ${size} zeroed bytes aligned for any object, or NULL.
 */
void *scratch_alloc(struct scratch *, size_t);

/**
 * scratch_strndup(s, text, len):
 * scratch_strdup(s, text):
 * Return a copy of the text in ${s}, or NULL.
 */
char *scratch_strndup(struct scratch *, const char *, size_t);
char *scratch_strdup(struct scratch *, const char *);

/**
 * scratch_free(s):
 * Free all that came out of ${s}, and make it empty.
 */
void scratch_free(struct scratch *);

#endif /* !CONF_SCRATCH_H */
