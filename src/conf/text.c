/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/text.h"

/* Room for ${more} bytes and a NUL behind what is there. */
static int
reserve(struct text *t, size_t more)
{
	size_t need = t->len + more + 1, cap = t->cap < 64 ? 64 : t->cap;
	char *p;

	if (t->failed)
		return (-1);
	if (need <= t->cap)
		return (0);
	while (cap < need)
		cap *= 2;
	if ((p = realloc(t->p, cap)) == NULL) {
		t->failed = true;
		return (-1);
	}
	t->p = p;
	t->cap = cap;
	return (0);
}

void
text_free(struct text *t)
{
	free(t->p);
	*t = (struct text){ 0 };
}

void
text_clear(struct text *t)
{
	t->len = 0;
	if (t->p != NULL)
		t->p[0] = '\0';
}

void
text_add(struct text *t, const char *p, size_t len)
{
	if (reserve(t, len) != 0)
		return;
	if (len > 0)
		memcpy(t->p + t->len, p, len);
	t->len += len;
	t->p[t->len] = '\0';
}

void
text_puts(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

void
text_putc(struct text *t, char c)
{
	text_add(t, &c, 1);
}

void
text_printf(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || reserve(t, (size_t)n) != 0)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(t->p + t->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	t->len += (size_t)n;
}

const char *
text_get(const struct text *t)
{
	return (t->p == NULL ? "" : t->p);
}
