/* SPDX-License-Identifier: MIT */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Text which grows up to a named maximum.  What does not fit, or finds no
 * memory, sets ${failed} and adds nothing, now and later: a builder may check
 * once, at its end.  ${text} always ends with a NUL once anything was added.
 */
struct strbuf {
	char *text;
	size_t len;
	size_t size;
	size_t max; /* Of ${len}. */
	bool failed;
};

/**
 * strbuf_init(b, max):
 * Make ${b} empty, able to hold ${max} bytes.  Allocates nothing yet.
 */
void strbuf_init(struct strbuf *, size_t);

/**
 * strbuf_free(b):
 * Release the text of ${b}, and leave ${b} empty and usable.
 */
void strbuf_free(struct strbuf *);

/**
 * strbuf_reset(b):
 * Forget the text and the failure of ${b}, keep its memory.
 */
void strbuf_reset(struct strbuf *);

/**
 * strbuf_shift(b, len):
 * Forget the first ${len} bytes of ${b}, which has as many.
 */
void strbuf_shift(struct strbuf *, size_t);

/**
 * strbuf_text(b):
 * Return the text of ${b}, "" where there is none.
 */
const char *strbuf_text(const struct strbuf *);

/**
 * strbuf_add(b, text, len):
 * strbuf_puts(b, text):
 * strbuf_putc(b, c):
 * strbuf_number(b, n):
 * Append the bytes, the text, the character, the decimal number.
 */
void strbuf_add(struct strbuf *, const char *, size_t);
void strbuf_puts(struct strbuf *, const char *);
void strbuf_putc(struct strbuf *, char);
void strbuf_number(struct strbuf *, int64_t);

/**
 * strbuf_printf(b, fmt, ...):
 * Append the formatted text.
 */
void strbuf_printf(struct strbuf *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * strbuf_json(b, text):
 * Append ${text} as a quoted JSON string, or null for NULL.  Whatever is not
 * valid UTF-8 becomes U+FFFD, so that the result always is.
 */
void strbuf_json(struct strbuf *, const char *);

/**
 * strbuf_printable(b, text):
 * Append ${text} as it may be shown on a terminal: control characters and
 * invalid bytes become U+FFFD.
 */
void strbuf_printable(struct strbuf *, const char *);

#endif /* !BASE_STRBUF_H */
