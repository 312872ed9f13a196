/* SPDX-License-Identifier: MIT */
#ifndef SYSTEM_PUPPET_STATUS_H
#define SYSTEM_PUPPET_STATUS_H

#include <stdio.h>

/**
 * puppet_fail(code, fmt, ...):
 * Say so on stderr, for 65 with the text of errno, and exit with ${code}.
 */
_Noreturn void puppet_fail(int, const char *, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * puppet_begin(path, temporary, cap):
 * puppet_publish(f, temporary, path):
 * Write a file which appears at ${path} complete and at once.
 */
FILE *puppet_begin(const char *, char *, size_t);
void puppet_publish(FILE *, const char *, const char *);

/**
 * puppet_status(path, args):
 * Write what dump-status says to ${path}.
 */
void puppet_status(const char *, char *const *);

#endif /* !SYSTEM_PUPPET_STATUS_H */
