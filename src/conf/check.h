/* SPDX-License-Identifier: MIT */
#ifndef CONF_CHECK_H
#define CONF_CHECK_H

/*
 * What only this machine knows.  An error where a program could never be
 * started right, a warning where what is missing may still come.  Nothing is
 * asked with ${syntax_only}, and nothing is asked twice.
 */

/* Opaque types. */
struct entry;
struct section_reader;
struct service_def;

/**
 * check_user(r, e, user):
 * Is ${user} of the entry ${e} a user here?  Return -1 where not, which is
 * told.
 */
int check_user(
    const struct section_reader *, const struct entry *, const char *);

/**
 * check_service(r, def):
 * Are there the directory and the executable of ${def}?  What is not is told.
 */
void check_service(const struct section_reader *, const struct service_def *);

#endif /* !CONF_CHECK_H */
