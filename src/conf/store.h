/* SPDX-License-Identifier: MIT */
#ifndef CONF_STORE_H
#define CONF_STORE_H

/*
 * From the entries of a section to typed values, by the rows of keys.c.
 */

/* Opaque types. */
struct entry;
struct key;
struct section_reader;

/**
 * store_section(r):
 * Check the keys of the section and those which it inherits from [DEFAULT],
 * and store the values of all but those of PLACE_SERVICE.  Of [DEFAULT]
 * itself, only the names of the keys are checked.
 */
void store_section(struct section_reader *);

/**
 * store_entry(r, e, key):
 * Expand ${e} and store it where ${key} wants it.  Return -1 where it is
 * wrong, which is told.
 */
int store_entry(
    struct section_reader *, const struct entry *, const struct key *);

#endif /* !CONF_STORE_H */
