/* SPDX-License-Identifier: MIT */
#ifndef CONF_LABEL_H
#define CONF_LABEL_H

#include <stdbool.h>

/**
 * label_is_good(text):
 * Can ${text} be the name of a program, a group or a process: valid UTF-8
 * without blanks, control characters, ":" and "/", and not empty?
 */
bool label_is_good(const char *);

#endif /* !CONF_LABEL_H */
