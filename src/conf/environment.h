/* SPDX-License-Identifier: MIT */
#ifndef CONF_ENVIRONMENT_H
#define CONF_ENVIRONMENT_H

#include <stddef.h>

#include "conf/scratch.h"

/*
 * The value of `environment`: KEY=value pairs, parted by commas.  All that
 * supervisord reads without damage means the same; where it cuts a value
 * (A=$HOME, A=x@y, A=a b, U=http://h/x?y=1), what was written is kept.
 *
 * Quotes, '...' or "...", keep commas and blanks; they may stand anywhere in
 * a value.  A backslash is literal but in \" inside of "...".  "A=" alone is a
 * mistake; an empty value is A="".
 */

/* Opaque types. */
struct err;
struct strbuf;

/* Pairs; a key comes once. */
struct environment {
	const char **pairs; /* "KEY=value", NULL-terminated; or NULL. */
	size_t n;
	size_t cap;
};

/**
 * environment_parse(env, text, scratch, err):
 * Add the pairs of ${text} to ${env}, over those with the same keys.  What is
 * in ${env} lives in ${scratch}.
 */
int environment_parse(
    struct environment *, const char *, struct scratch *, struct err *);

/**
 * environment_merge(env, pairs, scratch):
 * Add those of the NULL-terminated ${pairs} (or NULL) whose keys ${env} does
 * not have.  Return -1 where memory ran out.
 */
int environment_merge(
    struct environment *, const char *const *, struct scratch *);

/**
 * environment_sort(env):
 * Order the pairs by their keys, so that equal environments are equal lists.
 */
void environment_sort(struct environment *);

/**
 * environment_write(out, pairs):
 * Append what environment_parse() reads as the NULL-terminated ${pairs}.
 */
void environment_write(struct strbuf *, const char *const *);

#endif /* !CONF_ENVIRONMENT_H */
