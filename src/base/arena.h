/* SPDX-License-Identifier: MIT */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A bump allocator over memory which somebody else owns: what one load
 * builds is freed as one.  When it is full, arena_alloc() returns NULL and
 * ${full} stays set, so that a builder may check once, at its end.
 */
struct arena {
	char *base;
	size_t size;
	size_t used;
	bool full;
};

/**
 * arena_init(a, base, size):
 * Let ${a} hand out the ${size} bytes at ${base}, which must be zeroed,
 * aligned for any object, and stay the caller's.
 */
void arena_init(struct arena *, void *, size_t);

/**
 * arena_alloc(a, size):
 * Return ${size} zeroed bytes aligned for any object, or NULL.
 */
void *arena_alloc(struct arena *, size_t);

/**
 * arena_strndup(a, text, len):
 * arena_strdup(a, text):
 * Return a copy of the text in ${a}, or NULL.
 */
char *arena_strndup(struct arena *, const char *, size_t);
char *arena_strdup(struct arena *, const char *);

#endif /* !BASE_ARENA_H */
