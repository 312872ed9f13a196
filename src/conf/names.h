/* SPDX-License-Identifier: MIT */
#ifndef CONF_NAMES_H
#define CONF_NAMES_H

#include <stddef.h>
#include <stdint.h>

/*
 * A set of texts which numbers them from 0 in the order of their coming, and
 * finds one in constant time.  The texts stay their owner's.  All zeroes is
 * an empty set.
 */
struct names {
	const char **texts;
	size_t n;
	size_t cap;
	uint32_t *slots; /* Number + 1 of a text, 0 where free. */
	size_t nslots;   /* 0 or a power of two. */
};

#define NAMES_NONE ((size_t)-1)

/**
 * names_free(s):
 * Free the memory of ${s}, not the texts, and make it empty.
 */
void names_free(struct names *);

/**
 * names_find(s, text):
 * Return the number of ${text}, or NAMES_NONE.
 */
size_t names_find(const struct names *, const char *);

/**
 * names_add(s, text):
 * Return the number of ${text}, which is added and kept by reference where it
 * is new.  NAMES_NONE: out of memory.
 */
size_t names_add(struct names *, const char *);

#endif /* !CONF_NAMES_H */
