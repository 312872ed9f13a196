/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#include "base/strbuf.h"

#define STRBUF_FIRST 256

#define REPLACEMENT "\xef\xbf\xbd"

void
strbuf_init(struct strbuf *b, size_t max)
{
	*b = (struct strbuf){ .max = max };
}

void
strbuf_free(struct strbuf *b)
{
	free(b->text);
	strbuf_init(b, b->max);
}

void
strbuf_reset(struct strbuf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->text != NULL)
		b->text[0] = '\0';
}

void
strbuf_shift(struct strbuf *b, size_t len)
{
	if (len == 0)
		return;
	b->len -= len;
	/* And its NUL. */
	memmove(b->text, b->text + len, b->len + 1);
}

const char *
strbuf_text(const struct strbuf *b)
{
	return (b->text == NULL ? "" : b->text);
}

/* Make room for ${more} bytes and a NUL. */
static bool
reserve(struct strbuf *b, size_t more)
{
	size_t size = b->size == 0 ? STRBUF_FIRST : b->size;
	char *text;

	if (b->failed || more > b->max - b->len) {
		b->failed = true;
		return (false);
	}
	if (b->len + more < b->size)
		return (true);
	while (size <= b->len + more)
		size *= 2;
	text = realloc(b->text, size);
	if (text == NULL) {
		b->failed = true;
		return (false);
	}
	b->text = text;
	b->size = size;
	return (true);
}

void
strbuf_add(struct strbuf *b, const char *text, size_t len)
{
	if (!reserve(b, len))
		return;
	memcpy(b->text + b->len, text, len);
	b->len += len;
	b->text[b->len] = '\0';
}

void
strbuf_puts(struct strbuf *b, const char *text)
{
	strbuf_add(b, text, strlen(text));
}

void
strbuf_putc(struct strbuf *b, char c)
{
	strbuf_add(b, &c, 1);
}

/* By hand: a status of 10,000 services has 50,000 numbers. */
void
strbuf_number(struct strbuf *b, int64_t n)
{
	uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	char digits[20];
	size_t at = sizeof(digits);

	if (n < 0)
		strbuf_putc(b, '-');
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest != 0);
	strbuf_add(b, digits + at, sizeof(digits) - at);
}

void
strbuf_printf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0) {
		b->failed = true;
		return;
	}
	if (!reserve(b, (size_t)len))
		return;
	va_start(ap, fmt);
	(void)vsnprintf(b->text + b->len, (size_t)len + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)len;
}

/* One of the characters which JSON wants escaped. */
static void
json_escape(struct strbuf *b, unsigned char c)
{
	switch (c) {
	case '"':
		strbuf_puts(b, "\\\"");
		break;
	case '\\':
		strbuf_puts(b, "\\\\");
		break;
	case '\n':
		strbuf_puts(b, "\\n");
		break;
	case '\t':
		strbuf_puts(b, "\\t");
		break;
	default:
		strbuf_printf(b, "\\u%04x", c);
		break;
	}
}

/* How many bytes at ${text} need no look: printable ASCII and no escape. */
static size_t
plain_span(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n = 0;

	while (s[n] >= 0x20 && s[n] < 0x7f && s[n] != '"' && s[n] != '\\')
		n++;
	return (n);
}

void
strbuf_json(struct strbuf *b, const char *text)
{
	const char *end;
	size_t n;

	if (text == NULL) {
		strbuf_puts(b, "null");
		return;
	}
	end = text + strlen(text);
	strbuf_putc(b, '"');
	for (;;) {
		n = plain_span(text);
		strbuf_add(b, text, n);
		text += n;
		if (text == end)
			break;
		n = utf8_length(text, (size_t)(end - text));
		if (n == 0)
			strbuf_puts(b, REPLACEMENT);
		else if (n == 1)
			json_escape(b, (unsigned char)*text);
		else
			strbuf_add(b, text, n);
		text += n == 0 ? 1 : n;
	}
	strbuf_putc(b, '"');
}

void
strbuf_printable(struct strbuf *b, const char *text)
{
	const char *end = text + strlen(text);
	size_t n;

	for (; text < end; text += n == 0 ? 1 : n) {
		n = utf8_length(text, (size_t)(end - text));
		if (n == 0 || utf8_is_control(text, n))
			strbuf_puts(b, REPLACEMENT);
		else
			strbuf_add(b, text, n);
	}
}
