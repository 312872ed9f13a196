/* SPDX-License-Identifier: MIT */
#ifndef CONF_SAME_H
#define CONF_SAME_H

#include <stdbool.h>

/* Opaque types. */
struct key;

/**
 * same_value(key, a, b):
 * Is the value of ${key} in the base ${a} that in ${b}?  Of a log only where
 * it goes is compared: its sizes are keys of their own.
 */
bool same_value(const struct key *, const void *, const void *);

#endif /* !CONF_SAME_H */
