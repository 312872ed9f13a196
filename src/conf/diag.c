/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "conf/diag.h"

void
diag_list_free(struct diag_list *l)
{
	free(l->items);
	names_free(&l->files);
	scratch_free(&l->scratch);
	*l = (struct diag_list){ 0 };
}

/* Room for one more, or NULL. */
static struct diag *
next_item(struct diag_list *l)
{
	size_t cap = l->cap == 0 ? 16 : l->cap * 2;
	struct diag *items;

	if (l->n < l->cap)
		return (&l->items[l->n]);
	if ((items = realloc(l->items, cap * sizeof(*items))) == NULL)
		return (NULL);
	l->items = items;
	l->cap = cap;
	return (&l->items[l->n]);
}

/* Errors are not crowded out by warnings: the last one makes room. */
static struct diag *
last_warning(struct diag_list *l)
{
	size_t i;

	for (i = l->n; i > 0; i--)
		if (l->items[i - 1].severity == DIAG_WARNING)
			return (&l->items[i - 1]);
	return (NULL);
}

void
diag_add(struct diag_list *l, enum diag_severity severity,
    const struct diag_at *at, const char *fmt, ...)
{
	char text[1024];
	struct diag *d;
	va_list ap;

	if (severity == DIAG_ERROR)
		l->nerrors++;
	else
		l->nwarnings++;
	d = l->n < DIAG_MAX          ? next_item(l)
	    : severity == DIAG_ERROR ? last_warning(l)
				     : NULL;
	if (l->n >= DIAG_MAX && d == NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (d == NULL || names_add(&l->files, at->file) == NAMES_NONE) {
		l->failed = true;
		return;
	}
	*d = (struct diag){ .file = at->file,
		.line = at->line,
		.severity = severity,
		.section = at->section,
		.key = at->key,
		.text = scratch_strdup(&l->scratch, text) };
	if (d->text == NULL)
		l->failed = true;
	else if (l->n < DIAG_MAX)
		l->n++;
}

void
diag_suggest(struct diag_list *l, const char *word, const char *note)
{
	char text[1280];
	struct diag *d;

	if (word == NULL || l->n == 0 || l->nerrors + l->nwarnings != l->n)
		return;
	d = &l->items[l->n - 1];
	(void)snprintf(text, sizeof(text), "%s; did you mean %s?%s%s%s",
	    d->text, word, note == NULL ? "" : " (", note == NULL ? "" : note,
	    note == NULL ? "" : ")");
	d->suggestion = scratch_strdup(&l->scratch, word);
	word = scratch_strdup(&l->scratch, text);
	if (word == NULL)
		l->failed = true;
	else
		d->text = word;
}

/* Does ${a} come behind ${b}? */
static bool
behind(const struct diag_list *l, const struct diag *a, const struct diag *b)
{
	size_t fa = names_find(&l->files, a->file);
	size_t fb = names_find(&l->files, b->file);

	return (fa != fb ? fa > fb : a->line > b->line);
}

/* What [DEFAULT] has wrong is found in each section. */
static void
drop_doubles(struct diag_list *l)
{
	size_t i, n = 0;

	for (i = 0; i < l->n; i++) {
		struct diag *d = &l->items[i];

		if (n > 0 && !behind(l, d, &l->items[n - 1]) &&
		    strcmp(d->text, l->items[n - 1].text) == 0) {
			if (d->severity == DIAG_ERROR)
				l->nerrors--;
			else
				l->nwarnings--;
			continue;
		}
		l->items[n++] = *d;
	}
	l->n = n;
}

void
diag_sort(struct diag_list *l)
{
	struct diag d;
	size_t i, j;

	/* By insertion: stable, and most are in order already. */
	for (i = 1; i < l->n; i++) {
		d = l->items[i];
		for (j = i; j > 0 && behind(l, &l->items[j - 1], &d); j--)
			l->items[j] = l->items[j - 1];
		l->items[j] = d;
	}
	drop_doubles(l);
}

void
diag_more(struct diag_list *l, const char *file)
{
	size_t more = l->nerrors + l->nwarnings - l->n;
	char text[64];
	struct diag *d;

	if (more == 0)
		return;
	(void)snprintf(text, sizeof(text), "%zu more are not shown", more);
	if ((d = next_item(l)) == NULL) {
		l->failed = true;
		return;
	}
	*d = (struct diag){ .file = file,
		.severity = DIAG_WARNING,
		.text = scratch_strdup(&l->scratch, text) };
	if (d->text == NULL)
		l->failed = true;
	else
		l->n++;
}

struct diag *
diag_copy(const struct diag_list *l, struct arena *a)
{
	struct diag *copy = arena_alloc(a, (l->n + 1) * sizeof(*copy));
	size_t i;

	if (copy == NULL)
		return (NULL);
	for (i = 0; i < l->n; i++) {
		const struct diag *d = &l->items[i];

		copy[i] = *d;
		copy[i].file = arena_strdup(a, d->file);
		copy[i].text = arena_strdup(a, d->text);
		if (d->section != NULL)
			copy[i].section = arena_strdup(a, d->section);
		if (d->key != NULL)
			copy[i].key = arena_strdup(a, d->key);
		if (d->suggestion != NULL)
			copy[i].suggestion = arena_strdup(a, d->suggestion);
	}
	return (a->full ? NULL : copy);
}

void
diag_put(struct strbuf *b, const struct diag *d)
{
	strbuf_puts(b, d->file);
	if (d->line > 0)
		strbuf_printf(b, ":%d", d->line);
	strbuf_printf(b, ": %s: %s",
	    d->severity == DIAG_ERROR ? "error" : "warning", d->text);
}

const char *
diag_quote(char buf[DIAG_QUOTE_MAX], const char *text)
{
	size_t len = 0;

	buf[len++] = '"';
	/* Room stays for "\xNN...", a quote and the NUL. */
	for (; *text != '\0' && len < DIAG_QUOTE_MAX - 9; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			len += (size_t)snprintf(buf + len, 5, "\\x%02x", c);
		else
			buf[len++] = (char)c;
	}
	(void)snprintf(buf + len, DIAG_QUOTE_MAX - len, "%s\"",
	    *text == '\0' ? "" : "...");
	return (buf);
}
