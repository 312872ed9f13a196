/* SPDX-License-Identifier: MIT */
#ifndef CONF_POOL_H
#define CONF_POOL_H

#include <stdbool.h>

#include "conf/names.h"
#include "conf/scratch.h"

/*
 * Texts and lists of texts in the arena of a configuration, equal ones once:
 * a thousand instances of a program share its words.
 */

/* Opaque types. */
struct arena;

struct pool {
	struct arena *arena; /* Set by the owner; all else begins as zeroes. */
	struct names texts;
	struct names list_ids;     /* The words of a list, joined, ... */
	const char *const **lists; /* ... with the same numbers. */
	size_t lists_cap;
	struct scratch scratch;
	bool failed; /* Out of memory; a full arena says so itself. */
};

/**
 * pool_text(p, text):
 * Return ${text} in the arena; "" where there is no room.  NULL gives NULL.
 */
const char *pool_text(struct pool *, const char *);

/**
 * pool_list(p, list):
 * Return the NULL-terminated ${list}, and its texts, in the arena; NULL where
 * there is no room.
 */
const char *const *pool_list(struct pool *, const char *const *);

/**
 * pool_free(p):
 * Free what is not in the arena.
 */
void pool_free(struct pool *);

#endif /* !CONF_POOL_H */
