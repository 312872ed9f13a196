/* SPDX-License-Identifier: MIT */
#ifndef CONF_TEXT_H
#define CONF_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A text which grows.  A failed allocation stays remembered in ${failed} and
 * turns what follows into nothing, so that a writer may check once, at its
 * end.  All zeroes is an empty text.
 */
struct text {
	char *p; /* NUL-terminated, or NULL while nothing was added. */
	size_t len;
	size_t cap;
	bool failed;
};

/**
 * text_free(t):
 * Free the memory of ${t} and make it empty.
 */
void text_free(struct text *);

/**
 * text_clear(t):
 * Make ${t} empty, keeping its memory and whether it has failed.
 */
void text_clear(struct text *);

/**
 * text_add(t, p, len):
 * text_puts(t, s):
 * text_putc(t, c):
 * text_printf(t, fmt, ...):
 * Append to ${t}.
 */
void text_add(struct text *, const char *, size_t);
void text_puts(struct text *, const char *);
void text_putc(struct text *, char);
void text_printf(struct text *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * text_get(t):
 * Return what is in ${t}, NUL-terminated, valid until the next change.
 */
const char *text_get(const struct text *);

#endif /* !CONF_TEXT_H */
