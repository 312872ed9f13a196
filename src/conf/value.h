/* SPDX-License-Identifier: MIT */
#ifndef CONF_VALUE_H
#define CONF_VALUE_H

/*
 * Between the text of a value and what is stored, by the type of its key.
 */

/* Opaque types. */
struct key;
struct strbuf;

/**
 * value_parse(key, text, base):
 * Store what ${text} says at ${key}'s offset in ${base}, or just check it
 * where ${base} is NULL.  Texts are kept by reference.  Return -1, with
 * nothing stored, where ${text} is not of the type or not in the range of
 * ${key}; of KEY_COMMAND, KEY_ENVIRONMENT and KEY_LIST nothing is checked.
 */
int value_parse(const struct key *, const char *, void *);

/**
 * value_suggest(key, text):
 * Return the word which somebody who wrote ${text} probably meant, or NULL.
 */
const char *value_suggest(const struct key *, const char *);

/**
 * value_write(out, key, base):
 * Append what value_parse() would read as the value of ${key} in ${base}.
 * Return -1 where there is nothing to write: no user, no directory.
 */
int value_write(struct strbuf *, const struct key *, const void *);

#endif /* !CONF_VALUE_H */
