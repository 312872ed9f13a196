/* SPDX-License-Identifier: MIT */
#ifndef CONF_PRINT_H
#define CONF_PRINT_H

#include <stdbool.h>
#include <stdio.h>

/* Opaque types. */
struct config;
struct strbuf;

/**
 * print_config(f, config):
 * Write ${config} to ${f}, complete and canonical: read again, it is printed
 * as the same text.  Return -1 where memory ran out.
 */
int print_config(FILE *, const struct config *);

/**
 * print_value(out, text, expression):
 * Append ${text} as the value of a key, so that it is read as what it is: a
 * percent sign is doubled (not in an ${expression}, which has references), and
 * what would be trimmed or taken for a comment is written as %(ENV_:-...)s.
 */
void print_value(struct strbuf *, const char *, bool);

#endif /* !CONF_PRINT_H */
