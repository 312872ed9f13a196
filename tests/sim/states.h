/* SPDX-License-Identifier: MIT */
#ifndef SIM_STATES_H
#define SIM_STATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A set of byte strings which were seen, in the order in which they came: the
 * queue of a search in breadth, and its memory.
 */
struct states {
	char *bytes;
	size_t size, used;
	size_t *at; /* Where each string begins: its length, its bytes. */
	size_t n, room;
	uint32_t *table; /* Numbers of strings + 1, by hash. */
	size_t slots;
};

/**
 * states_init(s):
 * states_free(s):
 * Make ${s} empty; free what it holds.
 */
void states_init(struct states *);
void states_free(struct states *);

/**
 * states_add(s, bytes, len):
 * Add a copy of the string unless it is there.  Return whether it is new.
 * Ends the program when there is no memory.
 */
bool states_add(struct states *, const void *, size_t);

/**
 * states_get(s, i, len):
 * Return string number ${i}, and its length in ${len}; valid until the next
 * states_add().
 */
const void *states_get(const struct states *, size_t, size_t *);

#endif /* !SIM_STATES_H */
