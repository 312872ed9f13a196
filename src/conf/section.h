/* SPDX-License-Identifier: MIT */
#ifndef CONF_SECTION_H
#define CONF_SECTION_H

#include <stdbool.h>

#include "conf/expand.h"
#include "conf/keys.h"

/*
 * One section as it is read: its entries and those which it inherits, what
 * they expand to, and the telling of what is wrong with them.
 */

/* Opaque types. */
struct entry;
struct err;
struct loader;
struct section;
struct strbuf;

struct section_reader {
	struct loader *l;
	const struct section *section;
	struct expand_names names;
	bool again; /* Another process of it: warnings were told already. */
	/* Where values go, by enum key_place; NULL: they are only checked. */
	void *bases[PLACE_SERVER + 1];
};

/**
 * section_begin(r, l, section):
 * Prepare ${r} for ${section}, with the names which are known everywhere and
 * nowhere to put values.
 */
void section_begin(
    struct section_reader *, struct loader *, const struct section *);

/**
 * section_next(r, e, key):
 * Go over the known entries of the section and of [DEFAULT]: return the one
 * behind ${e} (the first behind NULL) and its row in ${key}; NULL at the end.
 */
const struct entry *section_next(
    const struct section_reader *, const struct entry *, const struct key **);

/**
 * section_find(r, name):
 * Return the entry ${name} of the section or of [DEFAULT], or NULL.
 */
const struct entry *section_find(const struct section_reader *, const char *);

/**
 * section_expand(r, e, mode, notes, err):
 * Return the value of ${e}, expanded by ${mode}, as a text which the caller
 * frees; where it is not as expand() wants it, ${err} has a text in it.
 */
struct strbuf section_expand(struct section_reader *, const struct entry *,
    enum expand_mode, struct expand_notes *, struct err *);

/**
 * section_later(r, e, what):
 * Remember that ${what}, at ${e} or in the section itself, is not acted on;
 * it is told once, with all others.
 */
void section_later(
    const struct section_reader *, const struct entry *, const char *);

/**
 * section_error(r, e, fmt, ...):
 * section_warning(r, e, fmt, ...):
 * Tell what is wrong with ${e}, or with the section itself where it is NULL.
 */
void section_error(const struct section_reader *, const struct entry *,
    const char *, ...) __attribute__((format(printf, 3, 4)));
void section_warning(const struct section_reader *, const struct entry *,
    const char *, ...) __attribute__((format(printf, 3, 4)));

#endif /* !CONF_SECTION_H */
