/* SPDX-License-Identifier: MIT */
#ifndef WIRE_GLOB_H
#define WIRE_GLOB_H

#include <stdbool.h>

/**
 * glob_match(pattern, text):
 * Does ${pattern}, with * ? [a-z] [!a-z] and backslash, match all of ${text}?
 * Takes time in proportion to the product of their lengths, never more, which
 * fnmatch(3) does not promise: who may ask for a status must not be able to
 * keep us busy.  Compares bytes, whatever the locale.
 */
bool glob_match(const char *, const char *);

#endif /* !WIRE_GLOB_H */
