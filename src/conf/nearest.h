/* SPDX-License-Identifier: MIT */
#ifndef CONF_NEAREST_H
#define CONF_NEAREST_H

#include <stddef.h>

/*
 * What somebody who wrote a wrong word probably meant: offered in messages,
 * never acted on.
 */
struct nearest {
	const char *wanted;
	const char *best; /* NULL: nothing is near. */
	size_t distance;
};

/**
 * nearest_init(n, wanted):
 * Begin a search for what is near to ${wanted}, which must outlive it.
 */
void nearest_init(struct nearest *, const char *);

/**
 * nearest_offer(n, word):
 * Let ${word} be the best so far, by reference, if it is near and nearer
 * than those before it.  Near is one edit in three letters; an edit inserts,
 * deletes or changes a letter or swaps two; case does not count.
 */
void nearest_offer(struct nearest *, const char *);

#endif /* !CONF_NEAREST_H */
