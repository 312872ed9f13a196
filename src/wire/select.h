/* SPDX-License-Identifier: MIT */
#ifndef WIRE_SELECT_H
#define WIRE_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opaque types. */
struct err;

/*
 * Which services an operator means.  A word is one of
 *
 *	all		every service
 *	GROUP:*		every service of the group; GROUP: says the same
 *	NAME, GROUP:NAME  the service which status shows under that name;
 *			only where none is: every service of the program
 *			NAME, or whose process has that name
 *	a glob		of wire/glob.h: every service that it matches by what
 *			status shows, by program, or by process
 *
 * Words are looked up per service, not services per word, so that 10,000
 * words for 10,000 services are a matter of milliseconds; only globs cost
 * one match a service each, and their number is limited.
 */
#define SELECT_GLOBS_MAX 64

struct selectable {
	const char *id; /* NAME, or GROUP:NAME where the two differ. */
	const char *name;
	const char *group;
	const char *program;
};

struct selection {
	struct select_word *words; /* Sorted, each once. */
	size_t nwords;
	size_t *place; /* In ${words}, of each word of the caller. */
	size_t n;
};

/**
 * select_init(sel, words, n, err):
 * Prepare to look for the ${n} ${words}, which must outlive ${sel}.  Return
 * 0, or -1 and ${err}: out of memory, or too many globs.
 */
int select_init(struct selection *, const char *const *, size_t, struct err *);

/**
 * select_free(sel):
 * Release what select_init() allocated.
 */
void select_free(struct selection *);

/**
 * select_offer(sel, service):
 * Tell ${sel} of a service that exists.  Has to be called for every one
 * before the first select_has(), since what a word means depends on it.
 */
void select_offer(struct selection *, const struct selectable *);

/**
 * select_missed(sel):
 * Return the number, in the caller's order, of the first word which matched
 * none of the services offered; or their number if each has matched.
 */
size_t select_missed(const struct selection *);

/**
 * select_has(sel, service):
 * Is ${service}, which was offered, meant by one of the words?  With no word
 * at all every service is.
 */
bool select_has(const struct selection *, const struct selectable *);

#endif /* !WIRE_SELECT_H */
