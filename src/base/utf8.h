/* SPDX-License-Identifier: MIT */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/**
 * utf8_length(text, len):
 * Return how many of the ${len} bytes at ${text} the character there takes,
 * 1 to 4; or 0 where no valid UTF-8 begins (too long a form, a surrogate, a
 * value above U+10FFFF, an end before its end) or ${len} is 0.
 */
size_t utf8_length(const char *, size_t);

/**
 * utf8_is_control(text, len):
 * Is the character of ${len} bytes at ${text} one which a terminal would act
 * upon: C0, DEL or C1?
 */
bool utf8_is_control(const char *, size_t);

#endif /* !BASE_UTF8_H */
