/* SPDX-License-Identifier: MIT */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>

/**
 * text_equal(a, b):
 * Are the two texts equal?  NULL equals only NULL.
 */
bool text_equal(const char *, const char *);

/**
 * text_list_equal(a, b):
 * Are the two NULL-terminated lists of texts equal?
 */
bool text_list_equal(const char *const *, const char *const *);

#endif /* !BASE_TEXT_H */
